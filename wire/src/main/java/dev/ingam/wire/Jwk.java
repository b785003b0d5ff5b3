package dev.ingam.wire;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.KeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Public keys as JWK members ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517), [RFC 7518
/// section 6](https://www.rfc-editor.org/rfc/rfc7518#section-6), [RFC 8037 section
/// 2](https://www.rfc-editor.org/rfc/rfc8037#section-2)) and back.
final class Jwk {
  private static final byte[] ED25519_X509_PREFIX =
      HexFormat.of().parseHex("302a300506032b6570032100");

  private Jwk() {}

  /// The required members of the key, sorted: what is published and what the thumbprint covers.
  static SortedMap<String, String> members(PublicKey key) {
    if (key instanceof ECPublicKey ec && isP256(ec)) {
      return new TreeMap<>(
          Map.of(
              "kty",
              "EC",
              "crv",
              "P-256",
              "x",
              Base64Url.encode(fixed(ec.getW().getAffineX())),
              "y",
              Base64Url.encode(fixed(ec.getW().getAffineY()))));
    }
    if (key instanceof RSAPublicKey rsa) {
      return new TreeMap<>(
          Map.of(
              "kty", "RSA",
              "n", Base64Url.encode(minimal(rsa.getModulus())),
              "e", Base64Url.encode(minimal(rsa.getPublicExponent()))));
    }
    if (isEd25519(key)) {
      var x = Arrays.copyOfRange(key.getEncoded(), ED25519_X509_PREFIX.length, 44);
      return new TreeMap<>(Map.of("kty", "OKP", "crv", "Ed25519", "x", Base64Url.encode(x)));
    }
    throw new IllegalArgumentException(
        "expected a public key of P-256, Ed25519 or RSA, came " + key.getAlgorithm());
  }

  /// Whether `key` is one that `algorithm` verifies with.
  static boolean fits(Algorithm algorithm, PublicKey key) {
    return switch (algorithm) {
      case ES256 -> key instanceof ECPublicKey ec && isP256(ec);
      case ED25519 -> isEd25519(key);
      case RS256, PS256 -> key instanceof RSAPublicKey rsa && Rsa.isSound(rsa);
    };
  }

  /// The key of a JWK for `algorithm`, or null when its members are not those of one.
  static @Nullable PublicKey read(Algorithm algorithm, JsonObject jwk) {
    var spec =
        switch (algorithm) {
          case ES256 -> ecSpec(jwk);
          case ED25519 -> ed25519Spec(jwk);
          case RS256, PS256 -> rsaSpec(jwk);
        };
    if (spec == null) {
      return null;
    }
    try {
      var key = KeyFactory.getInstance(keyAlgorithm(algorithm)).generatePublic(spec);
      return fits(algorithm, key) ? key : null;
    } catch (GeneralSecurityException e) {
      return null;
    }
  }

  static String keyAlgorithm(Algorithm algorithm) {
    return switch (algorithm) {
      case ES256 -> "EC";
      case ED25519 -> "Ed25519";
      case RS256, PS256 -> "RSA";
    };
  }

  private static boolean isP256(ECPublicKey key) {
    return P256.isCurveOf(key.getParams()) && P256.holds(key.getW());
  }

  private static boolean isEd25519(PublicKey key) {
    var encoded = key.getEncoded();
    return encoded != null
        && encoded.length == ED25519_X509_PREFIX.length + Ed25519.BYTES
        && Arrays.mismatch(encoded, ED25519_X509_PREFIX) == ED25519_X509_PREFIX.length
        && Ed25519.isPublicKey(
            Arrays.copyOfRange(encoded, ED25519_X509_PREFIX.length, encoded.length));
  }

  private static @Nullable KeySpec ecSpec(JsonObject jwk) {
    var x = bytes(jwk, "x");
    var y = bytes(jwk, "y");
    if (x == null || y == null || x.length != P256.COORDINATE_BYTES || y.length != x.length) {
      return null;
    }
    var point = new ECPoint(new BigInteger(1, x), new BigInteger(1, y));
    return P256.holds(point) ? new ECPublicKeySpec(point, P256.PARAMETERS) : null;
  }

  private static @Nullable KeySpec ed25519Spec(JsonObject jwk) {
    var x = bytes(jwk, "x");
    if (x == null || !Ed25519.isPublicKey(x)) {
      return null;
    }
    var encoded = Arrays.copyOf(ED25519_X509_PREFIX, ED25519_X509_PREFIX.length + Ed25519.BYTES);
    System.arraycopy(x, 0, encoded, ED25519_X509_PREFIX.length, Ed25519.BYTES);
    return new X509EncodedKeySpec(encoded);
  }

  private static @Nullable KeySpec rsaSpec(JsonObject jwk) {
    var n = bytes(jwk, "n");
    var e = bytes(jwk, "e");
    return n != null && e != null && Rsa.isModulus(n) && Rsa.isExponent(e)
        ? new RSAPublicKeySpec(new BigInteger(1, n), new BigInteger(1, e))
        : null;
  }

  private static byte @Nullable [] bytes(JsonObject jwk, String name) {
    var text = jwk.string(name);
    return text == null ? null : Base64Url.decode(text);
  }

  private static byte[] fixed(BigInteger coordinate) {
    var bytes = minimal(coordinate);
    var fixed = new byte[P256.COORDINATE_BYTES];
    System.arraycopy(bytes, 0, fixed, fixed.length - bytes.length, bytes.length);
    return fixed;
  }

  private static byte[] minimal(BigInteger number) {
    var bytes = number.toByteArray();
    return bytes[0] == 0 && bytes.length > 1 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }
}
