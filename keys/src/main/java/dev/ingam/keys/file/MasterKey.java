package dev.ingam.keys.file;

import dev.ingam.keys.KeysException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The master key of one store, in memory for as long as one call needs it. AES-256-GCM;
/// installation, domain, handle and algorithm are bound to each ciphertext, so that none can stand
/// for another.
final class MasterKey implements AutoCloseable {
  static final int BYTES = 32;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final byte[] key;
  private final String owner;
  private final SecureRandom random;

  /// @param key is taken over and cleared by `close`
  MasterKey(byte[] key, String installation, String domain, SecureRandom random) {
    this.key = key;
    this.owner = StoreFile.FORMAT + "|" + installation + "|" + domain + "|";
    this.random = random;
  }

  SealedKey seal(String handle, String algorithm, String created, byte[] secret) {
    var nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      var sealed = cipher(Cipher.ENCRYPT_MODE, handle, algorithm, nonce).doFinal(secret);
      return new SealedKey(handle, algorithm, created, nonce, sealed, false);
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  /// @throws IllegalArgumentException when this master key did not seal it, or it was changed
  byte[] open(SealedKey sealed) {
    if (sealed.nonce().length != NONCE_BYTES) {
      throw new IllegalArgumentException("expected a nonce of 12 bytes");
    }
    try {
      return cipher(Cipher.DECRYPT_MODE, sealed.handle(), sealed.algorithm(), sealed.nonce())
          .doFinal(sealed.sealed());
    } catch (AEADBadTagException _) {
      throw new IllegalArgumentException("expected another master key, or other bytes");
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  @Override
  public void close() {
    Arrays.fill(key, (byte) 0);
  }

  @Override
  public String toString() {
    return "MasterKey[redacted]";
  }

  private Cipher cipher(int mode, String handle, String algorithm, byte[] nonce)
      throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD((owner + handle + "|" + algorithm).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static KeysException unavailable(GeneralSecurityException cause) {
    return new KeysException(
        KeysException.Code.CRYPTO_UNAVAILABLE, "expected AES-256-GCM; it failed", cause);
  }
}
