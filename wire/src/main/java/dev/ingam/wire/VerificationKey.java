package dev.ingam.wire;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;

/// A public key with what it may be used for. In our own sets `kid` is the key's thumbprint.
public record VerificationKey(
    String kid, Algorithm algorithm, PublicKey key, KeyPurpose purpose, KeyState state) {
  private static final int MAX_KID = 128;

  public VerificationKey {
    if (!isKid(kid)) {
      throw new IllegalArgumentException("expected a kid of 1 to 128 visible ASCII characters");
    }
    if (!Jwk.fits(algorithm, key)) {
      throw new IllegalArgumentException(
          "expected a sound public key for "
              + algorithm.jose()
              + " (P-256, Ed25519, or RSA of 2048 to 4096 bits with an odd exponent from 65537), came another "
              + key.getAlgorithm()
              + " key");
    }
  }

  /// A key of ours, whose `kid` is its thumbprint.
  public static VerificationKey ours(
      Algorithm algorithm, PublicKey key, KeyPurpose purpose, KeyState state) {
    return new VerificationKey(thumbprint(key), algorithm, key, purpose, state);
  }

  public VerificationKey withState(KeyState newState) {
    return new VerificationKey(kid, algorithm, key, purpose, newState);
  }

  /// The [RFC 7638](https://www.rfc-editor.org/rfc/rfc7638) thumbprint with SHA-256, in base64url.
  public static String thumbprint(PublicKey key) {
    var json = new JsonWriter().beginObject();
    Jwk.members(key).forEach(json::member);
    var text = json.endObject().toString().getBytes(StandardCharsets.UTF_8);
    return Base64Url.encode(TokenDigest.sha256().digest(text));
  }

  /// Whether `text` can be a `kid`: 1 to 128 visible ASCII characters.
  public static boolean isKid(String text) {
    return AccessToken.isName(text, MAX_KID);
  }
}
