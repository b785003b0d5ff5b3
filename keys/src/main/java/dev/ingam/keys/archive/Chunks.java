package dev.ingam.keys.archive;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// The cipher of an archive's chunks: AES-256-GCM, the nonce made of the chunk's number and whether
/// it is the last ([STREAM](https://eprint.iacr.org/2015/189)). So a chunk opens in its place
/// alone, and an archive that ends with another than its last chunk opens not at all. Used by one
/// thread.
final class Chunks {
  static final int PLAIN = 64 << 10;
  static final int TAG = 16;
  static final byte[] END = "INGAMEND".getBytes(StandardCharsets.US_ASCII);

  private static final int NONCE_BYTES = 12;
  private static final long MOST = 1L << 32;

  private final SecretKey key;
  private long number;

  Chunks(SecretKey key) {
    this.key = key;
  }

  /// The next chunk, encrypted or decrypted.
  byte[] next(int mode, byte[] bytes, int length, boolean last) throws GeneralSecurityException {
    if (number == MOST) {
      throw new GeneralSecurityException("expected at most 2^32 chunks in an archive");
    }
    var nonce =
        ByteBuffer.allocate(NONCE_BYTES)
            .putInt(0)
            .putInt((int) number++)
            .putInt(last ? 1 : 0)
            .array();
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG * Byte.SIZE, nonce));
    return cipher.doFinal(bytes, 0, length);
  }
}
