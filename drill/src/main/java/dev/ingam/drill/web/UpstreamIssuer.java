package dev.ingam.drill.web;

import java.time.Clock;
import org.jspecify.annotations.Nullable;

/// The log-in system as an issuer of subject tokens, which Ingam exchanges. Whoever holds the key
/// can be it.
public record UpstreamIssuer(String name, Es256Key key) {
  public static UpstreamIssuer ofStored(Json stored) {
    return new UpstreamIssuer(stored.text("issuer"), Es256Key.ofStored(stored.object("key")));
  }

  public Json stored() {
    return Json.empty().with("issuer", name).with("key", key.stored());
  }

  /// A subject token for one minute; `session` is the id that Ingam gave for the log-in, null for a
  /// thief who has none.
  public String subjectToken(
      String subject, @Nullable String session, String audience, Clock clock) {
    var now = clock.instant().getEpochSecond();
    var claims =
        Json.empty()
            .with("iss", name)
            .with("sub", subject)
            .with("aud", audience)
            .with("iat", now)
            .with("exp", now + 60);
    return key.jwt("JWT", session == null ? claims : claims.with("sid", session));
  }
}
