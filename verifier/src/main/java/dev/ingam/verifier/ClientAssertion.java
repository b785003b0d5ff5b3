package dev.ingam.verifier;

import dev.ingam.wire.Algorithm;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.util.Map;

/// Makes client assertions, [RFC 7523 section 3](https://www.rfc-editor.org/rfc/rfc7523#section-3):
/// `iss` and `sub` the client, `aud` the issuer alone, a fresh `jti`, one minute.
final class ClientAssertion implements ClientCredential {
  private static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final long SECONDS = 60;

  private final String clientId;
  private final String issuer;
  private final SigningKey key;
  private final SecureRandom random;

  ClientAssertion(String clientId, String issuer, SigningKey key, SecureRandom random) {
    this.clientId = clientId;
    this.issuer = issuer;
    this.key = key;
    this.random = random;
    sign(new byte[1]); // a key that cannot sign is found out here, not at the first request
  }

  @Override
  public Proof proof(Instant now) {
    return new Proof(
        Map.of(),
        Map.of("client_assertion_type", TYPE, "client_assertion", assertion(now.getEpochSecond())));
  }

  private String assertion(long now) {
    var header =
        new JsonWriter()
            .beginObject()
            .member("alg", key.algorithm().jose())
            .member("kid", key.kid())
            .member("typ", "JWT")
            .endObject();
    var id = new byte[16];
    random.nextBytes(id);
    var claims =
        new JsonWriter()
            .beginObject()
            .member("iss", clientId)
            .member("sub", clientId)
            .member("aud", issuer)
            .member("jti", Base64Url.encode(id))
            .member("iat", now)
            .member("exp", now + SECONDS)
            .endObject();
    var input = Base64Url.encode(header.toBytes()) + "." + Base64Url.encode(claims.toBytes());
    return input + "." + Base64Url.encode(sign(input.getBytes(StandardCharsets.US_ASCII)));
  }

  private byte[] sign(byte[] input) {
    try {
      var signature = Signature.getInstance(signatureName(key.algorithm()));
      signature.initSign(key.key());
      signature.update(input);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new VerifierException(
          "expected a private key that signs " + key.algorithm().jose() + ", kid " + key.kid(), e);
    }
  }

  private static String signatureName(Algorithm algorithm) {
    return switch (algorithm) {
      case ES256 -> "SHA256withECDSAinP1363Format";
      case ED25519 -> "Ed25519";
      case RS256, PS256 ->
          throw new IllegalArgumentException("expected ES256 or Ed25519, came " + algorithm.jose());
    };
  }
}
