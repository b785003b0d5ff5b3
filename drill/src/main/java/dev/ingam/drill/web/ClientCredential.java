package dev.ingam.drill.web;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;

/// What a client of Ingam authenticates with: `private_key_jwt` ([RFC
/// 7523](https://www.rfc-editor.org/rfc/rfc7523)).
public record ClientCredential(String clientId, Es256Key key) {
  public static ClientCredential ofStored(Json stored) {
    return new ClientCredential(stored.text("client_id"), Es256Key.ofStored(stored.object("key")));
  }

  public Json stored() {
    return Json.empty().with("client_id", clientId).with("key", key.stored());
  }

  /// A client assertion for one request.
  String assertion(String audience, Clock clock, SecureRandom random) {
    var now = clock.instant().getEpochSecond();
    return key.jwt(
        "JWT",
        Json.empty()
            .with("iss", clientId)
            .with("sub", clientId)
            .with("aud", audience)
            .with("iat", now)
            .with("exp", now + 60)
            .with("jti", randomText(random)));
  }

  static String randomText(SecureRandom random) {
    var bytes = new byte[16];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
