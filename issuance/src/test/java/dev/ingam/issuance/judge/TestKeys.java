package dev.ingam.issuance.judge;

import dev.ingam.keys.ActiveKey;
import dev.ingam.keys.Condemnation;
import dev.ingam.keys.KeysException;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.VerificationKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Signing keys in memory, with everything a thief could do with them.
public final class TestKeys implements Judge.Keys {
  private record Pair(VerificationKey shown, PrivateKey hidden) {}

  private final Map<String, Pair> keys = new ConcurrentHashMap<>();
  private final AtomicInteger condemnations = new AtomicInteger();
  private final AtomicInteger firstCondemnations = new AtomicInteger();
  private volatile String active;
  private @Nullable String legacy;
  public volatile @Nullable RuntimeException signingFailure;
  public volatile @Nullable RuntimeException condemningFailure;
  public volatile boolean replacementWaits;

  public TestKeys() {
    active = add(KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE);
  }

  /// Makes an ES256 key and says its kid.
  public String add(KeyPurpose purpose, KeyState state) {
    return add(Algorithm.ES256, purpose, state);
  }

  /// Makes a key, of P-256 or RSA, and says its kid.
  public String add(Algorithm algorithm, KeyPurpose purpose, KeyState state) {
    try {
      var generator = KeyPairGenerator.getInstance(algorithm.isRsa() ? "RSA" : "EC");
      if (algorithm.isRsa()) {
        generator.initialize(2048);
      } else {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      }
      var pair = generator.generateKeyPair();
      var shown = VerificationKey.ours(algorithm, pair.getPublic(), purpose, state);
      keys.put(shown.kid(), new Pair(shown, pair.getPrivate()));
      return shown.kid();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public String activeKid() {
    return active;
  }

  public VerificationKey shown(String kid) {
    return keys.get(kid).shown();
  }

  public void setState(String kid, KeyState state) {
    keys.computeIfPresent(
        kid, (id, pair) -> new Pair(pair.shown().withState(state), pair.hidden()));
  }

  /// Lets another key sign from now on.
  public String rotate() {
    setState(active, KeyState.RETIRING);
    active = add(KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE);
    return active;
  }

  /// The key that signs for `access`, or for `legacy`, which has one key all along.
  public ActiveKey active(String keySet) {
    var kid = keySet.equals("legacy") ? legacy() : active;
    return new ActiveKey(kid, shown(kid).algorithm(), Instant.MAX);
  }

  /// The kid of an RS256 key; made when it is first asked for.
  public synchronized String legacy() {
    if (legacy == null) {
      legacy = add(Algorithm.RS256, KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE);
    }
    return legacy;
  }

  public byte[] sign(ActiveKey key, byte[] input) {
    var failure = signingFailure;
    if (failure != null) {
      throw failure;
    }
    if (shown(key.kid()).state() != KeyState.ACTIVE) {
      throw new KeysException(KeysException.Code.NOT_ACTIVE, "expected an active key");
    }
    return sign(key.kid(), input);
  }

  /// What a thief of the key can do.
  public byte[] sign(String kid, byte[] input) {
    return sign(kid, shown(kid).algorithm(), input);
  }

  /// With an algorithm of his choice.
  public byte[] sign(String kid, Algorithm algorithm, byte[] input) {
    try {
      var signature = signature(algorithm);
      signature.initSign(keys.get(kid).hidden());
      signature.update(input);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Signature signature(Algorithm algorithm) throws GeneralSecurityException {
    return switch (algorithm) {
      case ES256 -> Signature.getInstance("SHA256withECDSAinP1363Format");
      case RS256 -> Signature.getInstance("SHA256withRSA");
      case PS256 -> {
        var pss = Signature.getInstance("RSASSA-PSS");
        pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        yield pss;
      }
      case ED25519 -> throw new IllegalArgumentException("no such key here");
    };
  }

  /// A token of this header and payload, signed with this key.
  public String forge(String kid, String header, String payload) {
    return forge(kid, shown(kid).algorithm(), header, payload);
  }

  /// Signed with an algorithm that need not be the key's.
  public String forge(String kid, Algorithm algorithm, String header, String payload) {
    var input =
        Base64Url.encode(header.getBytes(StandardCharsets.UTF_8))
            + "."
            + Base64Url.encode(payload.getBytes(StandardCharsets.UTF_8));
    var signature = sign(kid, algorithm, input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + Base64Url.encode(signature);
  }

  /// A token of this payload with a header of our profile.
  public String forge(String kid, String payload) {
    return forge(kid, header(shown(kid).algorithm().jose(), kid), payload);
  }

  /// A header of our profile.
  public static String header(String alg, String kid) {
    return "{\"alg\":\"" + alg + "\",\"kid\":\"" + kid + "\",\"typ\":\"at+jwt\"}";
  }

  public Condemnation condemn(String kid, String cause, String actor) {
    condemnations.incrementAndGet();
    var failure = condemningFailure;
    if (failure != null) {
      throw failure;
    }
    synchronized (this) {
      var first = shown(kid).state() != KeyState.TAINTED;
      if (first) {
        firstCondemnations.incrementAndGet();
        setState(kid, KeyState.TAINTED);
        active = add(KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE);
      }
      return new Condemnation(
          first,
          "domain-1",
          List.of(kid),
          List.of(active),
          Instant.EPOCH,
          replacementWaits ? null : Instant.EPOCH);
    }
  }

  public int condemnations() {
    return condemnations.get();
  }

  public int firstCondemnations() {
    return firstCondemnations.get();
  }

  @Override
  public @Nullable VerificationKey find(String kid) {
    var pair = keys.get(kid);
    return pair == null ? null : pair.shown();
  }

  @Override
  public Collection<VerificationKey> accessTokenKeys() {
    return keys.values().stream()
        .map(Pair::shown)
        .filter(key -> key.purpose() == KeyPurpose.ACCESS_TOKEN)
        .toList();
  }
}
