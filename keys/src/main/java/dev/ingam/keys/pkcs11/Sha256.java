package dev.ingam.keys.pkcs11;

import dev.ingam.keys.KeysException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256 of bytes.
final class Sha256 {
  private Sha256() {}

  static byte[] of(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new KeysException(
          KeysException.Code.CRYPTO_UNAVAILABLE, "expected SHA-256 from the JDK", e);
    }
  }
}
