package dev.ingam.wire;

import java.math.BigInteger;

/// The curve of Ed25519, [RFC 8032 section
/// 5.1](https://www.rfc-editor.org/rfc/rfc8032#section-5.1), as far as needed to tell whether 32
/// bytes are a public key. Key factories take any 32 bytes; some providers then throw at the first
/// use, and keys of small order verify signatures that nobody made.
final class Ed25519 {
  static final int BYTES = 32;
  private static final BigInteger ONE = BigInteger.ONE;
  private static final BigInteger PRIME = ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger D =
      BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(PRIME)).mod(PRIME);
  private static final BigInteger ROOT_OF_MINUS_ONE =
      BigInteger.TWO.modPow(PRIME.subtract(ONE).shiftRight(2), PRIME);
  private static final BigInteger ROOT_EXPONENT = PRIME.add(BigInteger.valueOf(3)).shiftRight(3);

  private Ed25519() {}

  /// Whether the bytes are the canonical form of a point on the curve whose order is not small.
  static boolean isPublicKey(byte[] bytes) {
    if (bytes.length != BYTES) {
      return false;
    }
    var y = littleEndian(bytes);
    if (y.compareTo(PRIME) >= 0) {
      return false;
    }
    var y2 = y.multiply(y).mod(PRIME);
    var x2 = y2.subtract(ONE).multiply(D.multiply(y2).add(ONE).modInverse(PRIME)).mod(PRIME);
    return isSquare(x2) && !isOfSmallOrder(x2, y2);
  }

  /// RFC 8032 section 5.1.3, step 3. The sign of x does not matter: of x = 0 the order is small.
  private static boolean isSquare(BigInteger square) {
    var root = square.modPow(ROOT_EXPONENT, PRIME);
    var other = root.multiply(ROOT_OF_MINUS_ONE);
    return root.multiply(root).mod(PRIME).equals(square)
        || other.multiply(other).mod(PRIME).equals(square);
  }

  /// Whether eight times the point is the neutral element (0, 1). Doubling needs the squares alone,
  /// but for the new x², which comes from the curve: x² = (y² - 1) / (d y² + 1).
  private static boolean isOfSmallOrder(BigInteger x2, BigInteger y2) {
    var nextX2 = x2;
    var nextY2 = y2;
    var nextY = ONE;
    for (var i = 0; i < 3; i++) {
      var product = D.multiply(nextX2).multiply(nextY2);
      nextY = nextY2.add(nextX2).multiply(ONE.subtract(product).modInverse(PRIME)).mod(PRIME);
      nextY2 = nextY.multiply(nextY).mod(PRIME);
      nextX2 =
          nextY2.subtract(ONE).multiply(D.multiply(nextY2).add(ONE).modInverse(PRIME)).mod(PRIME);
    }
    return nextY.equals(ONE);
  }

  /// The number without the highest bit, which is the sign of x.
  private static BigInteger littleEndian(byte[] bytes) {
    var reversed = new byte[BYTES];
    for (var i = 0; i < BYTES; i++) {
      reversed[i] = bytes[BYTES - 1 - i];
    }
    reversed[0] &= 0x7f;
    return new BigInteger(1, reversed);
  }
}
