package dev.ingam.keys;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// AES-256-GCM with a random nonce of 12 bytes in front and a tag of 128 bits behind.
public final class AesGcm {
  /// Bytes of the nonce.
  public static final int NONCE_BYTES = 12;

  private static final int TAG_BITS = 128;

  private AesGcm() {}

  /// @param context is authenticated with the secret
  public static byte[] seal(SecretKey key, byte[] context, byte[] secret, SecureRandom random)
      throws GeneralSecurityException {
    var nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    var sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce, context).doFinal(secret);
    return ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
  }

  /// What `seal` took.
  ///
  /// @param sealed at least as long as a nonce
  /// @throws javax.crypto.AEADBadTagException when it was changed, or sealed under another key or
  ///   in another context
  public static byte[] open(SecretKey key, byte[] context, byte[] sealed)
      throws GeneralSecurityException {
    var nonce = new byte[NONCE_BYTES];
    ByteBuffer.wrap(sealed).get(nonce);
    return cipher(Cipher.DECRYPT_MODE, key, nonce, context)
        .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] nonce, byte[] context)
      throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(context);
    return cipher;
  }
}
