package dev.ingam.keys.file;

import dev.ingam.keys.KeysException;
import dev.ingam.keys.SigningStore;
import dev.ingam.wire.Algorithm;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Signs with one private key in memory. `Signature` objects are costly to make and serve one
/// thread at a time, so those not in use wait in slots; a thread looks into a few, begins at one of
/// its own, and makes a new object when it finds none. No lock.
final class PooledSigner implements SigningStore.Signer {
  private static final int SLOTS = 64;
  private static final int LOOKS = 4;

  private final String handle;
  private final Algorithm algorithm;
  private final Jca jca;
  private final AtomicReferenceArray<@Nullable Signature> idle = new AtomicReferenceArray<>(SLOTS);
  // Null once closed; written by close alone.
  private volatile @Nullable PrivateKey key;

  PooledSigner(String handle, Algorithm algorithm, PrivateKey key, Jca jca) {
    this.handle = handle;
    this.algorithm = algorithm;
    this.key = key;
    this.jca = jca;
  }

  @Override
  public byte[] sign(byte[] input) {
    int slot = (int) Thread.currentThread().threadId();
    var signature = take(slot);
    try {
      signature.update(input);
      var signed = signature.sign();
      giveBack(slot, signature);
      return signed;
    } catch (SignatureException e) {
      throw new KeysException(
          KeysException.Code.CRYPTO_UNAVAILABLE,
          "expected a signature of key " + handle + "; the provider failed",
          e);
    }
  }

  @Override
  public boolean isOpen() {
    return key != null;
  }

  /// A signature that runs meanwhile may finish; none begins after.
  @Override
  public void close() {
    key = null;
    for (int slot = 0; slot < SLOTS; slot++) {
      idle.set(slot, null);
    }
  }

  @Override
  public String toString() {
    return "PooledSigner[" + handle + "]";
  }

  private Signature take(int slot) {
    var current = key;
    if (current == null) {
      throw new KeysException(
          KeysException.Code.KEY_GONE, "key " + handle + " was destroyed or its signer closed");
    }
    for (int look = 0; look < LOOKS; look++) {
      var signature = idle.getAndSet((slot + look) & (SLOTS - 1), null);
      if (signature != null) {
        return signature;
      }
    }
    return jca.signature(algorithm, current);
  }

  private void giveBack(int slot, Signature signature) {
    for (int look = 0; look < LOOKS; look++) {
      int place = (slot + look) & (SLOTS - 1);
      if (idle.compareAndSet(place, null, signature)) {
        if (key == null) {
          idle.set(place, null);
        }
        return;
      }
    }
  }
}
