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
  public volatile @Nullable RuntimeException signingFailure;
  public volatile @Nullable RuntimeException condemningFailure;
  public volatile boolean replacementWaits;

  public TestKeys() {
    active = add(KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE);
  }

  /// Makes a key and says its kid.
  public String add(KeyPurpose purpose, KeyState state) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      var pair = generator.generateKeyPair();
      var shown = VerificationKey.ours(Algorithm.ES256, pair.getPublic(), purpose, state);
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

  public ActiveKey active() {
    return new ActiveKey(active, Algorithm.ES256, Instant.MAX);
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
    try {
      var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(keys.get(kid).hidden());
      signature.update(input);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A token of this header and payload, signed with this key.
  public String forge(String kid, String header, String payload) {
    var input =
        Base64Url.encode(header.getBytes(StandardCharsets.UTF_8))
            + "."
            + Base64Url.encode(payload.getBytes(StandardCharsets.UTF_8));
    var signature = sign(kid, input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + Base64Url.encode(signature);
  }

  /// A token of this payload with a header of our profile.
  public String forge(String kid, String payload) {
    return forge(kid, "{\"alg\":\"ES256\",\"kid\":\"" + kid + "\",\"typ\":\"at+jwt\"}", payload);
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
