package dev.ingam.keys;

import dev.ingam.wire.KeyState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the clock does to keys. Each step looks at what is there and does what is due; a step that
/// breaks off is done at the next tick.
///
/// A key hands over a little before the end of its cryptoperiod (a 24th of it), so its successor
/// must have been published for `publish-ahead` by then, and is made another 24th earlier. With
/// both at 24 hours there is always one key waiting, and for two hours a day there are two. A key
/// that took over in an emergency or by `--now` has no successor that old: its successor takes over
/// at the last call, a minute before the end.
///
/// The end is the earlier one of two clocks ([Cryptoperiods]): a wall clock that is put back must
/// not leave a set without a key that signs.
final class Rotation {
  private static final String CLOCK = "clock";

  private final KeyRoom room;

  Rotation(KeyRoom room) {
    this.room = room;
  }

  /// Brings the keys of each set under its policy as it is configured now.
  ///
  /// @throws KeysException CONFIGURATION when a set has keys of another purpose
  void underPolicy(List<KeySetConfig> sets) {
    for (var set : sets) {
      for (var key : room.publish().keys()) {
        if (key.birth().set().equals(set.name())) {
          if (key.birth().purpose() != set.purpose()) {
            throw new KeysException(
                KeysException.Code.CONFIGURATION,
                "key set "
                    + set.name()
                    + " has keys for "
                    + key.birth().purpose().wireName()
                    + " and is configured for "
                    + set.purpose().wireName()
                    + "; a key signs for one purpose alone: give the new set another name");
          }
          var next = key.under(set.policy());
          if (!next.equals(key)) {
            room.tables()
                .together(
                    () -> room.tables().change(next, "key.policy_changed", "start", Map.of()));
          }
        }
      }
    }
  }

  /// Makes the domains that are missing.
  void domains(List<KeySetConfig> sets) {
    if (room.current().domain(DomainRole.SIGNING) == null) {
      room.makeDomain(room.current(), DomainRole.SIGNING, CLOCK);
    }
    if (room.current().domain(DomainRole.RESERVE) == null
        && sets.stream().anyMatch(KeySetConfig::holdsReserve)) {
      room.makeDomain(room.current(), DomainRole.RESERVE, CLOCK);
    }
  }

  /// Everything that is due in one set.
  void set(KeySetConfig set) {
    withdrawStale(set);
    handOver(set);
    prepare(set);
    if (set.holdsReserve()) {
      reserve(set);
    }
  }

  /// Ends what has expired, in whatever set, and retires keys of sets that are no longer
  /// configured.
  void expire(List<KeySetConfig> sets) {
    var now = room.now();
    for (var key : room.current().keys()) {
      var move = due(key, now);
      boolean configured = sets.stream().anyMatch(set -> set.name().equals(key.birth().set()));
      if (move != null) {
        room.move(key, move, null, CLOCK);
      } else if (!configured && key.state() == KeyState.ACTIVE) {
        room.move(key, KeyMove.RETIRE, null, CLOCK);
      } else if (!configured && key.state() == KeyState.PREPARED) {
        room.move(key, KeyMove.WITHDRAW, null, CLOCK);
      }
    }
    room.destroyPrivateHalves(room.current());
  }

  /// How many keys should wait behind an active one that ends then.
  private static int needed(Instant end, KeyPolicy policy, Instant now) {
    var next = end.minus(policy.handOver());
    var before = policy.publishAhead().plus(policy.handOver());
    var step = policy.signFor().minus(policy.handOver());
    int needed = 0;
    while (!now.isBefore(next.minus(before))) {
      needed++;
      next = next.plus(step);
    }
    return needed;
  }

  private void withdrawStale(KeySetConfig set) {
    var oldest = room.now().minus(set.policy().waitsFor(set.purpose()));
    for (var key : room.current().waiting(set.name())) {
      if (key.birth().createdAt().isBefore(oldest)) {
        room.move(key, KeyMove.WITHDRAW, "waited for too long", CLOCK);
      }
    }
  }

  private void handOver(KeySetConfig set) {
    var inventory = room.current();
    var now = room.now();
    var active = inventory.active(set.name());
    var end = active != null && room.custody().signs(active, now) ? endsAt(active, now) : null;
    var next = successor(inventory.waiting(set.name()), end, set.policy(), now);
    if (next == null && end != null) {
      return;
    }
    if (next == null) {
      next = room.makeKey(set, signingDomain(inventory), false, CLOCK);
    }
    room.activate(next, active, set, CLOCK);
    room.publish();
  }

  /// The oldest key that waits, may take over now and opens.
  ///
  /// @param end of the key that signs; null when none does
  private @Nullable KeyRow successor(
      List<KeyRow> waiting, @Nullable Instant end, KeyPolicy policy, Instant now) {
    for (var key : waiting) {
      if ((end == null || mayHandOver(end, key, policy, now))
          && room.custody().holds(key)
          && room.custody().opens(key)) {
        return key;
      }
    }
    return null;
  }

  /// Whether a key that signs until `end` is to hand over to this one now.
  private static boolean mayHandOver(Instant end, KeyRow next, KeyPolicy policy, Instant now) {
    if (now.isBefore(end.minus(policy.handOver()))) {
      return false;
    }
    var published = Duration.between(next.birth().createdAt(), now);
    return published.compareTo(policy.publishAhead()) >= 0
        || !now.isBefore(end.minus(policy.lastCall()));
  }

  private void prepare(KeySetConfig set) {
    var inventory = room.current();
    var active = inventory.active(set.name());
    var now = room.now();
    var end = active == null ? null : endsAt(active, now);
    if (end != null) {
      int missing = needed(end, set.policy(), now) - inventory.waiting(set.name()).size();
      for (int i = 0; i < missing; i++) {
        room.makeKey(set, signingDomain(inventory), false, CLOCK);
      }
    }
  }

  /// One reserve key in the reserve domain. It is renewed like any key, by one that was published
  /// for long enough.
  private void reserve(KeySetConfig set) {
    var inventory = room.current();
    var domain = inventory.domain(DomainRole.RESERVE);
    if (domain == null) {
      return;
    }
    var now = room.now();
    var here =
        inventory.reserves(set.name()).stream()
            .filter(key -> key.birth().domain().equals(domain.name()))
            .filter(room.custody()::holds)
            .toList();
    var renewal = now.minus(KeyPolicy.signForCeiling(set.purpose()));
    if (here.isEmpty() || here.getLast().birth().createdAt().isBefore(renewal)) {
      room.makeKey(set, domain.name(), true, CLOCK);
      return;
    }
    var newest = here.getLast();
    var age = Duration.between(newest.birth().createdAt(), now);
    for (var key : inventory.reserves(set.name())) {
      if (!key.equals(newest) && age.compareTo(set.policy().publishAhead()) >= 0) {
        room.move(key, KeyMove.WITHDRAW, "a newer reserve key was published", CLOCK);
      }
    }
  }

  private @Nullable Instant endsAt(KeyRow active, Instant now) {
    return room.custody().periods().endsAt(active, now);
  }

  private static @Nullable KeyMove due(KeyRow key, Instant now) {
    var until = key.times().verifiesUntil();
    var ended = key.times().endedAt();
    return switch (key.state()) {
      case RETIRING -> until != null && !now.isBefore(until) ? KeyMove.EXPIRE : null;
      case TAINTED -> until != null && !now.isBefore(until) ? KeyMove.REVOKE : null;
      case RETIRED ->
          ended != null && !now.isBefore(ended.plus(KeyPolicy.REMEMBERED)) ? KeyMove.FORGET : null;
      case PREPARED, ACTIVE, REVOKED, DESTROYED -> null;
    };
  }

  static String signingDomain(Inventory inventory) {
    var domain = inventory.domain(DomainRole.SIGNING);
    if (domain == null) {
      throw new KeysException(
          KeysException.Code.STORE_DAMAGED, "expected a signing domain; there is none yet");
    }
    return domain.name();
  }
}
