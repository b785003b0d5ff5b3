package dev.ingam.server.ledger;

import dev.ingam.issuance.Caller;
import dev.ingam.server.door.Call;
import dev.ingam.server.door.Reply;
import dev.ingam.wire.LedgerState;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;

/// `GET /ledger/state`: what verifiers ask each second. Written anew when it changed; who has it
/// already (`If-None-Match`, [RFC 9110 section
/// 13.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2)) gets 304 and nothing else.
public final class LedgerStateDoor implements BiFunction<Caller, Call, Reply> {
  private static final HttpField ASKED_EACH_TIME =
      new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "private, no-cache");

  private record Written(LedgerState state, String tag, Reply whole, Reply unchanged) {}

  private final Supplier<LedgerState> current;
  // Any thread replaces it whole; losing a race costs one more writing.
  private volatile @Nullable Written last;

  /// @param current the same object as long as nothing changed
  public LedgerStateDoor(Supplier<LedgerState> current) {
    this.current = current;
  }

  @Override
  public Reply apply(Caller caller, Call call) {
    var state = current.get();
    var written = last;
    if (written == null || !written.state.equals(state)) {
      written = write(state);
      last = written;
    }
    return written.tag.equals(call.header("If-None-Match")) ? written.unchanged : written.whole;
  }

  private static Written write(LedgerState state) {
    var json = state.toJson();
    var tag = "\"" + HexFormat.of().formatHex(sha256(json), 0, 16) + "\"";
    List<HttpField> headers = List.of(ASKED_EACH_TIME, new HttpField(HttpHeader.ETAG, tag));
    return new Written(
        state, tag, new Reply(200, Reply.JSON, json, headers), Reply.empty(304, headers));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("expected SHA-256 from this Java runtime", e);
    }
  }
}
