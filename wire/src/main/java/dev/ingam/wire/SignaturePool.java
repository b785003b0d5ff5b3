package dev.ingam.wire;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// [Signature] objects that were made ready for one key and wait for their next use. Making one
/// looks the provider up and copies the key over: a tenth of an ES256 verification with the native
/// provider. At most 32 wait; a thread that finds none makes its own.
final class SignaturePool {
  private static final int SLOTS = 32;

  private final Algorithm algorithm;
  private final PublicKey key;
  private final @Nullable Provider provider;

  // A slot is owned by whoever swaps its content for null.
  private final AtomicReferenceArray<@Nullable Signature> idle = new AtomicReferenceArray<>(SLOTS);

  SignaturePool(VerificationKey key, @Nullable Provider provider) {
    this.algorithm = key.algorithm();
    this.key = key.key();
    this.provider = provider;
  }

  boolean isFor(VerificationKey other) {
    return algorithm == other.algorithm() && key.equals(other.key());
  }

  /// False also when the provider finds the signature odd enough to throw; that object is not used
  /// again.
  boolean verify(byte[] input, byte[] signature) {
    var start = (int) Thread.currentThread().getId();
    var ready = take(start);
    if (ready == null) {
      ready = make();
    }
    if (ready == null) {
      return false;
    }
    boolean good;
    try {
      ready.update(input);
      good = ready.verify(signature);
    } catch (GeneralSecurityException | RuntimeException e) {
      return false;
    }
    give(start, ready);
    return good;
  }

  private @Nullable Signature take(int start) {
    for (var i = 0; i < SLOTS; i++) {
      var slot = (start + i) & (SLOTS - 1);
      if (idle.getPlain(slot) != null) {
        var found = idle.getAndSet(slot, null);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private void give(int start, Signature signature) {
    for (var i = 0; i < SLOTS; i++) {
      if (idle.compareAndSet((start + i) & (SLOTS - 1), null, signature)) {
        return;
      }
    }
  }

  /// Null when no provider takes the key.
  private @Nullable Signature make() {
    try {
      return provider == null ? make(null) : makeAtProvider(provider);
    } catch (InvalidKeyException | InvalidKeySpecException e) {
      return null;
    } catch (GeneralSecurityException e) {
      throw new WireException(
          "expected a security provider for " + algorithm.jose() + ", found none", e);
    }
  }

  private Signature makeAtProvider(Provider wanted) throws GeneralSecurityException {
    try {
      return make(wanted);
    } catch (NoSuchAlgorithmException e) {
      return make(null); // the wanted provider lacks this algorithm; the JDK has all four
    }
  }

  private Signature make(@Nullable Provider at) throws GeneralSecurityException {
    var name = signatureName();
    var signature = at == null ? Signature.getInstance(name) : Signature.getInstance(name, at);
    if (algorithm == Algorithm.PS256) {
      signature.setParameter(
          new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
    }
    signature.initVerify(translated(at));
    return signature;
  }

  private PublicKey translated(@Nullable Provider at) throws GeneralSecurityException {
    if (at == null) {
      return key;
    }
    return KeyFactory.getInstance(Jwk.keyAlgorithm(algorithm), at)
        .generatePublic(new X509EncodedKeySpec(key.getEncoded()));
  }

  private String signatureName() {
    return switch (algorithm) {
      case ES256 -> "SHA256withECDSAinP1363Format";
      case ED25519 -> "Ed25519";
      case RS256 -> "SHA256withRSA";
      case PS256 -> "RSASSA-PSS";
    };
  }
}
