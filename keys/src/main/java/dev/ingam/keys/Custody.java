package dev.ingam.keys;

import dev.ingam.keys.SigningStore.StoredKey;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.KeyState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The stores as the life cycle uses them, with the signers that are open. Used by one thread at a
/// time.
final class Custody {
  private static final Logger LOG = LoggerFactory.getLogger(Custody.class);

  private final SigningStores stores;
  private final Map<String, SigningSlot> slots = new HashMap<>();
  // By kid, of every key that signed in this process.
  private final Map<String, LongAdder> signatures = new HashMap<>();
  private final Cryptoperiods periods;
  private Set<String> unnamed = Set.of();

  Custody(SigningStores stores, Cryptoperiods periods) {
    this.stores = stores;
    this.periods = periods;
  }

  Cryptoperiods periods() {
    return periods;
  }

  Set<String> domains() {
    return stores.domains();
  }

  /// Signatures made in this process, by kid.
  Map<String, Long> signatures() {
    var counts = new HashMap<String, Long>();
    signatures.forEach((kid, count) -> counts.put(kid, count.sum()));
    return counts;
  }

  /// Opens the stores of all domains that may bear keys, so that a wrong master key stops a start.
  void check(Inventory inventory) {
    for (var domain : inventory.domains()) {
      if (domain.role() != DomainRole.CONDEMNED) {
        stores.open(domain.name());
      }
    }
  }

  /// A domain whose store a broken-off call made, before its row: it can be taken up. Null when
  /// there is none.
  @Nullable String leftOver(Inventory inventory) {
    var names = new TreeSet<>(stores.domains());
    names.removeAll(inventory.domainNames());
    for (var name : names) {
      try {
        if (bearsNoKeptKey(stores.open(name))) {
          return name;
        }
      } catch (KeysException e) {
        // It must not keep a new domain from being made; the tidying, each second, raises it.
        LOG.atDebug().addKeyValue("domain", name).setCause(e).log("a store without a row is shut");
      }
    }
    return null;
  }

  private static boolean bearsNoKeptKey(SigningStore store) {
    return store.pending().containsAll(store.handles());
  }

  void create(String domain) {
    stores.create(domain);
  }

  StoredKey generate(String domain, Algorithm algorithm) {
    return stores.open(domain).generate(algorithm);
  }

  /// Whether the private half is where it should be.
  boolean holds(KeyRow key) {
    return stores.domains().contains(key.birth().domain())
        && stores.open(key.birth().domain()).handles().contains(key.kid());
  }

  /// How often the device that holds a key says that it signed with it.
  OptionalLong counted(KeyRow key) {
    return stores.domains().contains(key.birth().domain())
        ? stores.open(key.birth().domain()).counted(key.kid())
        : OptionalLong.empty();
  }

  /// Opens the signer of a key, so that whatever is wrong with it shows before anything is changed.
  void ready(KeyRow key) {
    slots.computeIfAbsent(
        key.kid(),
        kid ->
            SigningSlot.waiting(
                key,
                stores.open(key.birth().domain()).open(kid),
                signatures.computeIfAbsent(kid, _ -> new LongAdder())));
  }

  /// Like `ready`, but answers whether it worked.
  boolean opens(KeyRow key) {
    try {
      ready(key);
      return true;
    } catch (KeysException e) {
      LOG.atError()
          .addKeyValue("kid", key.kid())
          .addKeyValue("code", e.code().wireName())
          .setCause(e)
          .log("a key does not open; another takes its place");
      return false;
    }
  }

  /// Whether an active key signs at this moment: by both clocks, and with an open signer.
  boolean signs(KeyRow key, Instant now) {
    var end = periods.endsAt(key, now);
    var slot = slots.get(key.kid());
    return end != null && now.isBefore(end) && slot != null && slot.signer().isOpen();
  }

  /// The slots of the keys that are active now, but for those that do not open.
  List<SigningSlot> active(List<KeyRow> keys) {
    var active = new ArrayList<SigningSlot>();
    for (var key : keys) {
      if (key.state() == KeyState.ACTIVE && opens(key)) {
        long deadline = periods.read(key);
        active.add(slots.computeIfPresent(key.kid(), (_, slot) -> slot.with(key, deadline)));
      }
    }
    return active;
  }

  /// Closes the signers of all other keys. Only once nobody finds them any more: who lost one while
  /// he signed asks for the active key again and must not get the same.
  void closeAllBut(List<SigningSlot> kept) {
    var kids = kept.stream().map(slot -> slot.key().kid()).collect(Collectors.toSet());
    slots.values().stream()
        .filter(slot -> !kids.contains(slot.key().kid()))
        .forEach(slot -> slot.signer().close());
    slots.keySet().retainAll(kids);
  }

  /// Destroys the private half of a key, and answers whether its domain's store was there for that.
  boolean destroy(KeyRow key) {
    boolean there = stores.domains().contains(key.birth().domain());
    if (there) {
      stores.open(key.birth().domain()).destroy(key.kid());
    }
    return there;
  }

  /// Destroys what a broken-off call left, the stores of condemned domains, and the private halves
  /// of rows that do not hold. A key that a row named once and none names now stays, and alarms:
  /// the database may be an older one than the stores.
  void tidy(Inventory inventory) {
    var left = new TreeSet<String>();
    each(stores.domains(), name -> left.addAll(tidy(name, inventory)));
    unnamed = left;
  }

  private Set<String> tidy(String name, Inventory inventory) {
    var domain = inventory.domain(name);
    if (domain != null && domain.role() == DomainRole.CONDEMNED) {
      stores.discard(name);
      return Set.of();
    }
    var store = stores.open(name);
    if (!inventory.domainNames().contains(name) && bearsNoKeptKey(store)) {
      stores.abandon(name);
      return Set.of();
    }
    return tidy(store, inventory);
  }

  /// Does it to each. One that fails, as its store is away, keeps it from none of the others; the
  /// first failure is thrown at the end.
  static <T> void each(Collection<T> all, Consumer<T> action) {
    KeysException first = null;
    for (var one : all) {
      try {
        action.accept(one);
      } catch (KeysException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /// What keeps stores from being used, by domain.
  Map<String, String> troubles() {
    return stores.troubles();
  }

  Set<String> renewMasterKeys() {
    return stores.renewMasterKeys();
  }

  /// The keys that no row names and that stay.
  Set<String> unnamed() {
    return unnamed;
  }

  void close() {
    closeAllBut(List.of());
  }

  private static Set<String> tidy(SigningStore store, Inventory inventory) {
    var left = new TreeSet<String>();
    var pending = store.pending();
    for (var handle : store.handles()) {
      var row = inventory.find(handle);
      if (row != null && !row.privateHalf()) {
        store.destroy(handle);
      } else if (row != null) {
        if (pending.contains(handle)) {
          store.keep(handle);
        }
      } else if (pending.contains(handle) || inventory.refuses(handle)) {
        store.destroy(handle);
      } else {
        left.add(handle);
      }
    }
    return left;
  }
}
