package dev.ingam.keys;

import dev.ingam.keys.row.MacKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Keys that sign nothing: for the MACs of rows, keyed hashes and the wrapping of other keys. Each
/// context has a key of its own, derived from one root (HKDF-SHA256); the root comes from the store
/// of the domain `sealing`, which a theft proof does not condemn. Safe to call concurrently.
public final class SealingKeys implements MacKey {
  /// Bytes of the root.
  public static final int ROOT_BYTES = 32;

  private static final byte[] SALT = "ingam sealing 1".getBytes(StandardCharsets.UTF_8);

  private final SecretKey root;
  private final SecureRandom random;

  /// Macs made ready that wait for their next use: making one costs as much as using it.
  private final Map<String, Queue<Mac>> macs = new ConcurrentHashMap<>();

  private final Map<String, SecretKey> wrapKeys = new ConcurrentHashMap<>();

  /// @param root is copied
  public SealingKeys(byte[] root, SecureRandom random) {
    if (root.length != ROOT_BYTES) {
      throw new IllegalArgumentException("expected a root of 32 bytes, came " + root.length);
    }
    this.root = new SecretKeySpec(root, "HKDF-SHA256");
    this.random = random;
  }

  /// HMAC-SHA256 over the data.
  ///
  /// @param context a constant of the caller that no one else uses
  @Override
  public byte[] mac(String context, byte[] data) {
    var idle = macs.computeIfAbsent(context, name -> new ConcurrentLinkedQueue<>());
    var ready = idle.poll();
    var mac = ready == null ? newMac(context) : ready;
    var result = mac.doFinal(data);
    idle.add(mac);
    return result;
  }

  private Mac newMac(String context) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(derive("mac " + context, "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  /// The secret under AES-256-GCM with a random nonce in front; the context is authenticated with
  /// it.
  public byte[] wrap(String context, byte[] secret) {
    try {
      return AesGcm.seal(wrapKey(context), bytes(context), secret, random);
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  /// What `wrap` took.
  ///
  /// @throws KeysException NOT_SEALED_HERE when the bytes were changed, or wrapped for another
  ///   context or installation
  public byte[] unwrap(String context, byte[] wrapped) {
    if (wrapped.length < AesGcm.NONCE_BYTES) {
      throw notSealedHere();
    }
    try {
      return AesGcm.open(wrapKey(context), bytes(context), wrapped);
    } catch (GeneralSecurityException _) {
      throw notSealedHere();
    }
  }

  @Override
  public String toString() {
    return "SealingKeys[redacted]";
  }

  private SecretKey wrapKey(String context) {
    return wrapKeys.computeIfAbsent(context, name -> derive("wrap " + name, "AES"));
  }

  private static byte[] bytes(String context) {
    return context.getBytes(StandardCharsets.UTF_8);
  }

  private SecretKey derive(String info, String algorithm) {
    try {
      var parameters =
          HKDFParameterSpec.ofExtract()
              .addIKM(root)
              .addSalt(SALT)
              .thenExpand(info.getBytes(StandardCharsets.UTF_8), ROOT_BYTES);
      return KDF.getInstance("HKDF-SHA256").deriveKey(algorithm, parameters);
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  private static KeysException unavailable(GeneralSecurityException cause) {
    return new KeysException(
        KeysException.Code.CRYPTO_UNAVAILABLE,
        "expected HMAC-SHA256, HKDF-SHA256 and AES-256-GCM of the JDK; it failed",
        cause);
  }

  private static KeysException notSealedHere() {
    return new KeysException(
        KeysException.Code.NOT_SEALED_HERE,
        "expected bytes that this installation wrapped for this use; they are not");
  }
}
