package dev.ingam.wire;

import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;

/// The RSA keys of RS256 and PS256 ([RFC 8017](https://www.rfc-editor.org/rfc/rfc8017)), as far as
/// needed to tell whether two numbers are a public key that may be used, and whether bytes can be a
/// signature.
final class Rsa {
  static final int MIN_BITS = 2048;
  static final int MAX_BITS = 4096;

  /// [FIPS 186-5](https://doi.org/10.6028/NIST.FIPS.186-5) A.1.1 wants an odd exponent above 2^16.
  private static final BigInteger MIN_EXPONENT = BigInteger.ONE.shiftLeft(16).add(BigInteger.ONE);

  /// What the JDK takes.
  private static final int MAX_EXPONENT_BYTES = 8;

  private Rsa() {}

  static boolean isSound(RSAPublicKey key) {
    var bits = key.getModulus().bitLength();
    var exponent = key.getPublicExponent();
    return bits >= MIN_BITS
        && bits <= MAX_BITS
        && key.getModulus().testBit(0)
        && exponent.testBit(0)
        && exponent.compareTo(MIN_EXPONENT) >= 0
        && exponent.bitLength() <= MAX_EXPONENT_BYTES * Byte.SIZE;
  }

  /// Whether these are the bytes of a modulus in their one form, `base64urlUInt` of [RFC 7518
  /// section 2](https://www.rfc-editor.org/rfc/rfc7518#section-2): no zero byte first.
  static boolean isModulus(byte[] bytes) {
    return bytes.length >= MIN_BITS / Byte.SIZE
        && bytes.length <= MAX_BITS / Byte.SIZE
        && bytes[0] != 0;
  }

  /// Whether these are the bytes of an exponent in their one form.
  static boolean isExponent(byte[] bytes) {
    return bytes.length > 0 && bytes.length <= MAX_EXPONENT_BYTES && bytes[0] != 0;
  }

  /// Whether `signature` is as long as the modulus and a number below it, which RFC 8017 section
  /// 5.2.2 wants checked first: `s + n` would be another text for the same signature.
  static boolean inRange(RSAPublicKey key, byte[] signature) {
    var modulus = key.getModulus();
    return signature.length == (modulus.bitLength() + 7) / Byte.SIZE
        && new BigInteger(1, signature).compareTo(modulus) < 0;
  }
}
