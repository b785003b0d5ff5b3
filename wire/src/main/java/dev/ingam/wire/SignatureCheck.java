package dev.ingam.wire;

import java.security.Provider;
import java.security.interfaces.RSAPublicKey;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Checks JWS signatures. Safe for several threads. The state and purpose of a key are not looked
/// at.
public final class SignatureCheck {
  private static final int MAX_KEYS = 256;
  private static final int ED25519_BYTES = 64;

  private final @Nullable Provider provider;
  // By algorithm, then by kid. The outer map is never written again.
  private final Map<Algorithm, ConcurrentHashMap<String, SignaturePool>> pools =
      new EnumMap<>(Algorithm.class);

  /// A check with `provider` where it has the algorithm, and with the JDK's choice elsewhere.
  public SignatureCheck(@Nullable Provider provider) {
    this.provider = provider;
    for (var algorithm : Algorithm.values()) {
      pools.put(algorithm, new ConcurrentHashMap<>());
    }
  }

  /// Whether `signature` over `signingInput` was made with the private half of `key`. False for
  /// whatever is odd: another length, numbers out of range, a provider that throws.
  public boolean verify(VerificationKey key, byte[] signingInput, byte[] signature) {
    return hasForm(key, signature) && pool(key).verify(signingInput, signature);
  }

  /// Whether the private half of `key` made `signature`, also under the other algorithm of an RSA
  /// key: what that proves of the key, whoever would accept it or not.
  public boolean proves(VerificationKey key, byte[] signingInput, byte[] signature) {
    if (verify(key, signingInput, signature)) {
      return true;
    }
    if (!key.algorithm().isRsa()) {
      return false;
    }
    var other = key.algorithm() == Algorithm.RS256 ? Algorithm.PS256 : Algorithm.RS256;
    var twin = new VerificationKey(key.kid(), other, key.key(), key.purpose(), key.state());
    return verify(twin, signingInput, signature);
  }

  /// Whether `signature` has the length and range of one of `key`. What has not costs no
  /// verification.
  public static boolean hasForm(VerificationKey key, byte[] signature) {
    return switch (key.algorithm()) {
      case ES256 -> P256.inRange(signature);
      case ED25519 -> signature.length == ED25519_BYTES;
      case RS256, PS256 -> key.key() instanceof RSAPublicKey rsa && Rsa.inRange(rsa, signature);
    };
  }

  /// Foreign keys may share a `kid`; they then take turns in one place, which is slow but right.
  private SignaturePool pool(VerificationKey key) {
    var byKid = Objects.requireNonNull(pools.get(key.algorithm()));
    var pool = byKid.get(key.kid());
    if (pool != null && pool.isFor(key)) {
      return pool;
    }
    if (byKid.size() >= MAX_KEYS) {
      byKid.clear();
    }
    var fresh = new SignaturePool(key, provider);
    byKid.put(key.kid(), fresh);
    return fresh;
  }
}
