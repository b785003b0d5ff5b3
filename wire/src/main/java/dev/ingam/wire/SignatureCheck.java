package dev.ingam.wire;

import java.security.Provider;
import java.security.interfaces.RSAPublicKey;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Checks JWS signatures. Safe for several threads. The state and purpose of a key are not looked
/// at.
public final class SignatureCheck {
  private static final int MAX_KEYS = 256;
  private static final int ED25519_BYTES = 64;

  private final @Nullable Provider provider;
  private final ConcurrentHashMap<String, SignaturePool> pools = new ConcurrentHashMap<>();

  /// A check with `provider` where it has the algorithm, and with the JDK's choice elsewhere.
  public SignatureCheck(@Nullable Provider provider) {
    this.provider = provider;
  }

  /// Whether `signature` over `signingInput` was made with the private half of `key`. False for
  /// whatever is odd: another length, numbers out of range, a provider that throws.
  public boolean verify(VerificationKey key, byte[] signingInput, byte[] signature) {
    return hasForm(key, signature) && pool(key).verify(signingInput, signature);
  }

  private static boolean hasForm(VerificationKey key, byte[] signature) {
    return switch (key.algorithm()) {
      case ES256 -> P256.inRange(signature);
      case ED25519 -> signature.length == ED25519_BYTES;
      case RS256, PS256 ->
          key.key() instanceof RSAPublicKey rsa
              && signature.length == (rsa.getModulus().bitLength() + 7) / 8;
    };
  }

  /// Foreign keys may share a `kid`; they then take turns in one place, which is slow but right.
  private SignaturePool pool(VerificationKey key) {
    var pool = pools.get(key.kid());
    if (pool != null && pool.isFor(key)) {
      return pool;
    }
    if (pools.size() >= MAX_KEYS) {
      pools.clear();
    }
    var fresh = new SignaturePool(key, provider);
    pools.put(key.kid(), fresh);
    return fresh;
  }
}
