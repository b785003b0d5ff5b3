package dev.ingam.drill.web;

import dev.ingam.verifier.ClientCredential.SigningKey;
import dev.ingam.wire.Algorithm;
import java.security.SecureRandom;

/// What a client of Ingam authenticates with, as it lies in a file: `private_key_jwt` ([RFC
/// 7523](https://www.rfc-editor.org/rfc/rfc7523)).
public record ClientCredential(String clientId, Es256Key key) {
  public static ClientCredential ofStored(Json stored) {
    return new ClientCredential(stored.text("client_id"), Es256Key.ofStored(stored.object("key")));
  }

  public Json stored() {
    return Json.empty().with("client_id", clientId).with("key", key.stored());
  }

  /// What proves it to this issuer.
  public dev.ingam.verifier.ClientCredential at(String issuer, SecureRandom random) {
    var signingKey = new SigningKey(key.kid(), Algorithm.ES256, key.key());
    return dev.ingam.verifier.ClientCredential.privateKey(clientId, issuer, signingKey, random);
  }
}
