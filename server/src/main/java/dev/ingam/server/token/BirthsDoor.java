package dev.ingam.server.token;

import dev.ingam.keys.BirthCertificates;
import dev.ingam.server.door.Call;
import dev.ingam.server.door.Reply;
import dev.ingam.server.door.Tagged;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;

/// The birth certificates of all keys, for everybody, beside the key sets.
///
/// @param births as they are signed now
public record BirthsDoor(BirthCertificates births) {
  public static final String PATH = "/oauth2/births";

  private static final HttpField ASKED_EACH_TIME =
      new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-cache");

  public Reply answer(Call call) {
    return new Tagged(births.json(), ASKED_EACH_TIME).answer(call);
  }
}
