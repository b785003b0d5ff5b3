package dev.ingam.keys.file;

import dev.ingam.keys.AesGcm;
import dev.ingam.keys.KeysException;
import dev.ingam.keys.WrappingKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// A wrapping key of 32 bytes that the operator brings, in memory for as long as the server runs.
/// AES-256-GCM with a random nonce in front.
public final class SecretWrappingKey implements WrappingKey {
  /// How many bytes it has.
  public static final int BYTES = 32;

  private static final int ID_BYTES = 8;

  private final SecretKey key;
  private final String id;
  private final SecureRandom random;

  /// @param key is copied
  public SecretWrappingKey(byte[] key, SecureRandom random) {
    if (key.length != BYTES) {
      throw new IllegalArgumentException("expected a wrapping key of 32 bytes");
    }
    this.key = new SecretKeySpec(key, "AES");
    this.id = idOf(key);
    this.random = random;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public byte[] wrap(byte[] secret, byte[] context) {
    try {
      return AesGcm.seal(key, context, secret, random);
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  @Override
  public byte[] unwrap(byte[] wrapped, byte[] context) {
    if (wrapped.length < AesGcm.NONCE_BYTES) {
      throw new IllegalArgumentException("expected a nonce of 12 bytes");
    }
    try {
      return AesGcm.open(key, context, wrapped);
    } catch (AEADBadTagException _) {
      throw new IllegalArgumentException("expected another wrapping key, or other bytes");
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  @Override
  public String toString() {
    return "SecretWrappingKey[" + id + ", redacted]";
  }

  private static String idOf(byte[] key) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      var tag = mac.doFinal("ingam wrapping key id".getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(tag, 0, ID_BYTES);
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  private static KeysException unavailable(GeneralSecurityException cause) {
    return new KeysException(
        KeysException.Code.CRYPTO_UNAVAILABLE,
        "expected AES-256-GCM and HMAC-SHA256 of the JDK; it failed",
        cause);
  }
}
