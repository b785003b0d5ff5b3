package dev.ingam.keys;

import dev.ingam.keys.KeyOrigin.CountedBy;
import dev.ingam.wire.Algorithm;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Tables, stores and keyring together, with the steps that every change of a key is made of. Used
/// by one thread at a time.
///
/// A store first bears a key, then its row is written; a row first says that the key signs no more,
/// then the store destroys it. Whatever breaks off between leaves a pending key that no row names
/// or a private half that its row says is due: both are destroyed at the next start or tick.
final class KeyRoom {
  private final KeyTables tables;
  private final Custody custody;
  private final Keyring keyring;
  private final Clocks clocks;
  private @Nullable Inventory published;
  private long publishedAt;

  KeyRoom(KeyTables tables, Custody custody, Keyring keyring, Clocks clocks) {
    this.tables = tables;
    this.custody = custody;
    this.keyring = keyring;
    this.clocks = clocks;
  }

  KeyTables tables() {
    return tables;
  }

  Custody custody() {
    return custody;
  }

  /// In whole milliseconds, as rows keep it.
  Instant now() {
    return clocks.wall().instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /// What was published last, read again if this process wrote something since.
  Inventory current() {
    var last = published;
    return last == null || publishedAt != tables.transactionCount() ? publish() : last;
  }

  /// Reads everything and shows it to the hot path. While the database is behind what was shown
  /// before stays, or what is remembered is shown: never as fresh.
  Inventory publish() {
    boolean behind = tables.isBehind();
    var last = published;
    if (behind && last != null) {
      return last;
    }
    var from = clocks.nanos().getAsLong() - (behind ? Keyring.LEASE.toNanos() : 0);
    var inventory = tables.load();
    publishedAt = tables.transactionCount();
    var before = keyring.snapshot();
    if (inventory.equals(published)) {
      keyring.replace(before.readAgain(from));
    } else {
      var slots = custody.active(inventory.keys());
      keyring.replace(KeySnapshot.of(before.version() + 1, from, inventory, slots));
      custody.closeAllBut(slots);
      published = inventory;
    }
    return inventory;
  }

  /// Signatures by kid: as the device counts them that holds the key, or else as the processes that
  /// signed do.
  Map<String, Long> signatures(Inventory inventory) {
    var counts = tables.signatures();
    for (var key : inventory.keys()) {
      var papers = inventory.papers().get(key.kid());
      if (key.privateHalf() && papers != null && papers.origin().countedBy() == CountedBy.DEVICE) {
        custody.counted(key).ifPresent(count -> counts.put(key.kid(), count));
      }
    }
    return counts;
  }

  /// Makes a domain with its store and its master key, in a store that a broken-off call left if
  /// there is one: places are few where they are HSMs.
  String makeDomain(Inventory inventory, DomainRole role, String actor) {
    var left = custody.leftOver(inventory);
    var name = left == null ? inventory.nextDomain(custody.domains()) : left;
    custody.create(name);
    tables.together(() -> tables.add(DomainRow.made(name, role, now()), actor));
    return name;
  }

  /// Makes a key that waits.
  KeyRow makeKey(KeySetConfig set, String domain, boolean reserve, String actor) {
    var born = bear(set, domain, reserve);
    tables.together(() -> tables.add(born.key(), born.origin(), set.policy(), actor));
    return born.key();
  }

  /// Makes a key in its store; the row is the caller's to write.
  Born bear(KeySetConfig set, String domain, boolean reserve) {
    Algorithm algorithm = set.algorithm();
    var stored = custody.generate(domain, algorithm);
    var birth =
        new KeyBirth(
            stored.handle(),
            set.name(),
            set.purpose(),
            algorithm,
            domain,
            stored.publicKey(),
            now());
    return new Born(KeyRow.prepared(birth, reserve, set.policy().verifyFor()), stored.origin());
  }

  /// A key that its store has, and whose row is not written yet.
  record Born(KeyRow key, KeyOrigin origin) {}

  /// Lets a key take over from the active one, if there is one.
  void activate(KeyRow next, @Nullable KeyRow old, KeySetConfig set, String actor) {
    custody.ready(next);
    var now = now();
    tables.together(() -> {
      if (old != null) {
        tables.change(old.move(KeyMove.RETIRE, now), KeyMove.RETIRE.event(), actor, Map.of());
      }
      tables.change(
          next.activate(now, set.policy().signFor()),
          KeyMove.ACTIVATE.event(),
          actor,
          activation(next, old, set.policy(), now));
    });
  }

  /// One move of one key.
  void move(KeyRow key, KeyMove move, @Nullable String why, String actor) {
    var moved = key.move(move, now());
    var next = why == null ? moved : moved.because(why);
    tables.together(() -> tables.change(next, move.event(), actor, Map.of()));
  }

  /// Destroys the private halves of keys that sign no more.
  void destroyPrivateHalves(Inventory inventory) {
    var due =
        inventory.keys().stream()
            .filter(key -> !key.mayHoldPrivateHalf() && key.privateHalf())
            .toList();
    Runnable destroying = () -> Custody.each(due, this::destroyPrivateHalf);
    Runnable tidying = () -> custody.tidy(inventory);
    Custody.each(
        inventory.missing().isEmpty() ? List.of(destroying, tidying) : List.of(destroying),
        Runnable::run);
  }

  /// A file that is gone took its keys along; an HSM that is configured no more did not.
  private boolean isInDevice(KeyRow key) {
    var papers = current().papers().get(key.kid());
    return papers != null && !papers.origin().store().equals("file");
  }

  private void destroyPrivateHalf(KeyRow key) {
    boolean seen = custody.destroy(key) || !isInDevice(key);
    var event = seen ? "key.private_half_destroyed" : "key.private_half_given_up";
    tables.together(() -> tables.change(key.withoutPrivateHalf(), event, "clock", Map.of()));
  }

  /// What the event of an activation says: for how long the key was published, and whether
  /// verifiers that know only the JWK set must fetch it again to follow.
  static Map<String, String> activation(
      KeyRow next, @Nullable KeyRow old, KeyPolicy policy, Instant now) {
    var more = new TreeMap<String, String>();
    var age = Duration.between(next.birth().createdAt(), now);
    more.put("published_for", (age.isNegative() ? Duration.ZERO : age).toString());
    boolean late = age.compareTo(policy.publishAhead().minus(policy.lastCall())) < 0;
    more.put("refetch", String.valueOf(late));
    if (old != null) {
      more.put("after", old.kid());
      var until = old.times().signsUntil();
      if (until != null && until.isBefore(now)) {
        more.put("none_signed_since", until.toString());
      }
    }
    return more;
  }
}
