package dev.ingam.keys.pkcs11;

import dev.ingam.keys.KeyOrigin;
import dev.ingam.keys.KeysException;
import dev.ingam.keys.SigningStore;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.VerificationKey;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The store of one domain in one partition. A private key is made in the token, cannot be read out
/// of it or changed, and each is asked whether that is so, when it is made and at each start.
///
/// A key is a private and a public object with one random `CKA_ID`, labelled with the domain and
/// the algorithm; its handle is the thumbprint of the public one. That a key is kept says a data
/// object of its own, as the key itself is not modifiable. Which keys there are is known from the
/// start on, so that a token that is away takes no key away.
final class HsmStore implements SigningStore {
  private static final String KEPT = "ingam kept";
  private static final int ID_BYTES = 16;

  private final String domain;
  private final Partition partition;
  private final SecureRandom random;
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by lock; by handle.
  private final Map<String, HsmKey> keys = new HashMap<>();

  HsmStore(String domain, Partition partition, SecureRandom random) {
    this.domain = domain;
    this.partition = partition;
    this.random = random;
  }

  @Override
  public String domain() {
    return domain;
  }

  /// Reads which keys the token has, and clears away halves of keys.
  ///
  /// @throws KeysException KEY_EXPOSED when one of them could be read, or was not made there
  void load() {
    locked(() -> {
      keys.clear();
      keys.putAll(partition.call((session, _) -> stored(session)));
      return keys;
    });
  }

  @Override
  public StoredKey generate(Algorithm algorithm) {
    return locked(() -> {
      var made = partition.call((session, _) -> generate(session, algorithm));
      var handle = VerificationKey.thumbprint(made.publicKey());
      keys.put(handle, new HsmKey(handle, algorithm, label(algorithm), made.id(), partition));
      return new StoredKey(handle, algorithm, made.publicKey(), origin());
    });
  }

  @Override
  public void keep(String handle) {
    locked(() -> {
      var key = keys.get(handle);
      if (key != null && key.isPending()) {
        partition.call((session, _) -> {
          try (var arena = Arena.ofConfined()) {
            session.create(HsmObjects.data(arena, KEPT).with(Ck.CKA_VALUE, handle));
          }
          return handle;
        });
        key.kept();
      }
      return handle;
    });
  }

  @Override
  public Set<String> pending() {
    return locked(() ->
        keys.values().stream()
            .filter(HsmKey::isPending)
            .map(HsmKey::handle)
            .collect(Collectors.toUnmodifiableSet()));
  }

  @Override
  public Set<String> handles() {
    return locked(() -> {
      keys.values().removeIf(HsmKey::isGone);
      return Set.copyOf(keys.keySet());
    });
  }

  @Override
  public Signer open(String handle) {
    return locked(() -> {
      var key = keys.get(handle);
      if (key == null) {
        throw new KeysException(
            KeysException.Code.KEY_GONE,
            "expected key " + handle + " in the store of " + domain + "; it is not there");
      }
      key.find();
      return key.signer();
    });
  }

  @Override
  public void destroy(String handle) {
    locked(() -> {
      var key = keys.get(handle);
      if (key != null) {
        partition.call((session, _) -> destroy(session, key));
        key.destroyed();
        keys.remove(handle);
      }
      return handle;
    });
  }

  /// Destroys every key of the domain, whether or not we know it, and nothing else.
  static String wipe(Session session, String domain) {
    try (var arena = Arena.ofConfined()) {
      for (var algorithm : Algorithm.values()) {
        for (var kind : List.of(Ck.CKO_PRIVATE_KEY, Ck.CKO_PUBLIC_KEY)) {
          session
              .find(HsmObjects.labelled(arena, kind, label(domain, algorithm)))
              .forEach(session::destroy);
        }
      }
      session.find(HsmObjects.data(arena, KEPT)).forEach(session::destroy);
    }
    return domain;
  }

  /// Its keys are destroyed.
  void forget() {
    locked(() -> {
      keys.values().forEach(HsmKey::destroyed);
      keys.clear();
      return domain;
    });
  }

  /// PKCS #11 has no counter of a key's own.
  @Override
  public OptionalLong counted(String handle) {
    return OptionalLong.empty();
  }

  @Override
  public String toString() {
    return "HsmStore[" + domain + "]";
  }

  /// Under an id of its own each time: a token that is lost after it made a key is asked once more,
  /// and has a pending key too many then, never two of one id.
  private Made generate(Session session, Algorithm algorithm) {
    var id = new byte[ID_BYTES];
    random.nextBytes(id);
    var scheme = new Scheme(algorithm);
    try (var arena = Arena.ofConfined()) {
      var made =
          session.generate(
              scheme.generation(arena),
              HsmObjects.publicKey(arena, scheme, label(algorithm), id),
              HsmObjects.privateKey(arena, scheme, label(algorithm), id));
      if (!HsmObjects.isCaptive(session, made[1], scheme.secret())) {
        session.destroy(made[1]);
        session.destroy(made[0]);
        throw exposed("the key that it just made");
      }
      return new Made(id, scheme.read(session, made[0]));
    }
  }

  private KeyOrigin origin() {
    return new KeyOrigin("pkcs11", partition.device(), false, KeyOrigin.CountedBy.PROCESS);
  }

  private Map<String, HsmKey> stored(Session session) {
    var found = new HashMap<String, HsmKey>();
    var halves = new ArrayList<Long>();
    var kept = kept(session);
    for (var algorithm : Algorithm.values()) {
      var scheme = new Scheme(algorithm);
      var privates = HsmObjects.byId(session, Ck.CKO_PRIVATE_KEY, label(algorithm));
      var publics = HsmObjects.byId(session, Ck.CKO_PUBLIC_KEY, label(algorithm));
      for (var id : privates.keySet()) {
        var half = publics.remove(id);
        if (half == null) {
          halves.add(privates.get(id));
          continue;
        }
        var handle = VerificationKey.thumbprint(scheme.read(session, half));
        if (!HsmObjects.isCaptive(session, privates.get(id), scheme.secret())) {
          throw exposed("key " + handle);
        }
        var key =
            new HsmKey(handle, algorithm, label(algorithm), HexFormat.of().parseHex(id), partition);
        if (kept.contains(handle)) {
          key.kept();
        }
        found.put(handle, key);
      }
      publics.values().forEach(session::destroy);
    }
    requireWhole(found.keySet(), kept, halves);
    halves.forEach(session::destroy);
    return found;
  }

  /// A half that a broken-off call left was never kept. Where a kept key is missing too, a half may
  /// be what is left of it: that is no leftover of ours, and nothing is destroyed.
  private void requireWhole(Set<String> found, Set<String> kept, List<Long> halves) {
    var missing = new TreeSet<>(kept);
    missing.removeAll(found);
    if (!missing.isEmpty() && !halves.isEmpty()) {
      throw new KeysException(
          KeysException.Code.STORE_DAMAGED,
          "expected in token "
              + partition.config().token()
              + " the public half of each key, that of one of "
              + missing
              + " is gone; find out who destroyed it, and taint the key");
    }
  }

  private static Set<String> kept(Session session) {
    try (var arena = Arena.ofConfined()) {
      return session.find(HsmObjects.data(arena, KEPT)).stream()
          .map(object -> new String(session.read(object, Ck.CKA_VALUE), StandardCharsets.UTF_8))
          .collect(Collectors.toSet());
    }
  }

  /// The private half first: whatever breaks off after it leaves no key.
  private static String destroy(Session session, HsmKey key) {
    try (var arena = Arena.ofConfined()) {
      session.find(key.half(arena, Ck.CKO_PRIVATE_KEY)).forEach(session::destroy);
      session.find(key.half(arena, Ck.CKO_PUBLIC_KEY)).forEach(session::destroy);
      var kept = HsmObjects.data(arena, KEPT).with(Ck.CKA_VALUE, key.handle());
      session.find(kept).forEach(session::destroy);
    }
    return key.handle();
  }

  private String label(Algorithm algorithm) {
    return label(domain, algorithm);
  }

  private static String label(String domain, Algorithm algorithm) {
    return "ingam " + domain + " " + algorithm.jose();
  }

  private KeysException exposed(String which) {
    return new KeysException(
        KeysException.Code.KEY_EXPOSED,
        "expected of token "
            + partition.config().token()
            + " keys that are made in it, sensitive, not extractable and not modifiable, ever; "
            + which
            + " is not; do not use this token, or set it to keep to these attributes");
  }

  /// A key pair that was made.
  ///
  /// @param id its `CKA_ID`
  private record Made(byte[] id, PublicKey publicKey) {}

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
