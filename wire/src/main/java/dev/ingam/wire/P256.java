package dev.ingam.wire;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;

/// The curve of ES256, [FIPS 186-5](https://doi.org/10.6028/NIST.FIPS.186-5) P-256.
final class P256 {
  static final int COORDINATE_BYTES = 32;
  static final ECParameterSpec PARAMETERS = parameters();
  private static final BigInteger PRIME = ((ECFieldFp) PARAMETERS.getCurve().getField()).getP();

  private P256() {}

  static boolean isCurveOf(ECParameterSpec other) {
    return PARAMETERS.getCurve().equals(other.getCurve())
        && PARAMETERS.getGenerator().equals(other.getGenerator())
        && PARAMETERS.getOrder().equals(other.getOrder())
        && PARAMETERS.getCofactor() == other.getCofactor();
  }

  /// The curve has cofactor 1, so a point on it is a public key.
  static boolean holds(ECPoint point) {
    if (point.equals(ECPoint.POINT_INFINITY)) {
      return false;
    }
    var x = point.getAffineX();
    var y = point.getAffineY();
    if (x.signum() < 0 || y.signum() < 0 || x.compareTo(PRIME) >= 0 || y.compareTo(PRIME) >= 0) {
      return false;
    }
    var curve = PARAMETERS.getCurve();
    var right = x.multiply(x).add(curve.getA()).multiply(x).add(curve.getB()).mod(PRIME);
    return y.multiply(y).mod(PRIME).equals(right);
  }

  /// Whether `signature` is two numbers of 32 bytes between 1 and the order of the curve, which
  /// [FIPS 186-5](https://doi.org/10.6028/NIST.FIPS.186-5) 6.4.2 wants checked first.
  static boolean inRange(byte[] signature) {
    return signature.length == 2 * COORDINATE_BYTES
        && isScalar(signature, 0)
        && isScalar(signature, COORDINATE_BYTES);
  }

  private static boolean isScalar(byte[] bytes, int from) {
    // The order starts with 32 one bits, so all but one number in 2^32 is decided by four bytes.
    var head = (bytes[from] & bytes[from + 1] & bytes[from + 2] & bytes[from + 3] & 0xff) == 0xff;
    var low = (bytes[from] | bytes[from + 1] | bytes[from + 2] | bytes[from + 3]) == 0;
    if (!head && !low) {
      return true;
    }
    var number = new BigInteger(1, bytes, from, COORDINATE_BYTES);
    return number.signum() > 0 && number.compareTo(PARAMETERS.getOrder()) < 0;
  }

  private static ECParameterSpec parameters() {
    try {
      var parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec("secp256r1"));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new WireException("expected a Java runtime with the curve P-256, found none", e);
    }
  }
}
