package dev.ingam.server.door;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/// An answer with a tag of its content: who has it already (`If-None-Match`, [RFC 9110 section
/// 13.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2)) gets 304 and nothing else.
public final class Tagged {
  private final String tag;
  private final Reply whole;
  private final Reply unchanged;

  /// @param headers beside the tag, in both answers
  public Tagged(byte[] json, HttpField... headers) {
    tag = "\"" + HexFormat.of().formatHex(sha256(json), 0, 16) + "\"";
    var all = new ArrayList<>(List.of(headers));
    all.add(new HttpField(HttpHeader.ETAG, tag));
    whole = new Reply(200, Reply.JSON, json, all);
    unchanged = Reply.empty(304, all);
  }

  public Reply answer(Call call) {
    return tag.equals(call.header("If-None-Match")) ? unchanged : whole;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("expected SHA-256 from this Java runtime", e);
    }
  }
}
