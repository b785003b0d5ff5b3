package dev.ingam.verifier;

import dev.ingam.wire.Algorithm;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/// How a client proves at the token endpoint who it is.
public interface ClientCredential {
  /// What a token request carries as proof.
  record Proof(Map<String, String> headers, Map<String, String> form) {
    public Proof {
      headers = Map.copyOf(headers);
      form = Map.copyOf(form);
    }

    @Override
    public String toString() {
      return "Proof[redacted]";
    }
  }

  /// A proof for one request.
  Proof proof(Instant now);

  /// `client_secret_basic`, [RFC 6749 section
  /// 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1).
  static ClientCredential secret(String clientId, String secret) {
    var pair = encoded(clientId) + ":" + encoded(secret);
    var basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
    return now -> new Proof(Map.of("Authorization", "Basic " + basic), Map.of());
  }

  /// `private_key_jwt`, [RFC 7523](https://www.rfc-editor.org/rfc/rfc7523): an assertion for
  /// `issuer`, the authority's issuer identifier, good for a minute and once. The key may live in
  /// an HSM.
  static ClientCredential privateKey(
      String clientId, String issuer, SigningKey key, SecureRandom random) {
    return new ClientAssertion(clientId, issuer, key, random);
  }

  /// The client's own signing key, ES256 or Ed25519; `kid` as in the JWK that the client
  /// registered.
  record SigningKey(String kid, Algorithm algorithm, PrivateKey key) {
    public SigningKey {
      if (algorithm.isRsa()) {
        throw new IllegalArgumentException("expected ES256 or Ed25519, came " + algorithm.jose());
      }
    }

    @Override
    public String toString() {
      return "SigningKey[kid=" + kid + ", redacted]";
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
