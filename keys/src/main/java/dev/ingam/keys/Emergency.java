package dev.ingam.keys;

import dev.ingam.keys.DomainRow.Verdict;
import dev.ingam.wire.KeyState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a theft proof does: the custody domain of the key bears no key again, its keys are tainted,
/// reserve keys from another domain take over. All of that is one transaction. The new reserve
/// domain is made after it, by the ordinary tick, and so is a successor that cannot be had at once:
/// a full disk must not hold up the taint.
final class Emergency {
  private static final Logger LOG = LoggerFactory.getLogger(Emergency.class);
  private static final Duration PAUSE = Duration.ofMinutes(10);
  private static final int AT_ONCE = 2;

  private final KeyRoom room;
  private final List<KeySetConfig> sets;

  Emergency(KeyRoom room, List<KeySetConfig> sets) {
    this.room = room;
    this.sets = sets;
  }

  /// Condemns the domain of this key, unless it is.
  ///
  /// @param atOnce does not wait for its turn: a person asked
  Condemnation condemn(String kid, String cause, String actor, boolean atOnce) {
    var inventory = room.publish();
    var key = inventory.require(kid);
    var domain = inventory.domain(key.birth().domain());
    var now = room.now();
    if (domain == null) {
      // Its row does not hold: its keys are tainted all the same.
      domain = new DomainRow(key.birth().domain(), DomainRole.CONDEMNED, now, null, 0);
    } else if (domain.verdict() != null && !(atOnce && domain.condemnedAt() == null)) {
      return domain.condemnation(false);
    }
    var due = atOnce ? now : due(inventory, now);
    var verdict =
        new Verdict(kid, cause, due, null, bornAfterFirst(inventory, key), List.of(), List.of());
    if (due.isAfter(now)) {
      var later = domain.judged(verdict);
      room.tables().together(() -> room.tables().change(later, "domain.condemnation_due", actor));
      room.publish();
      return later.condemnation(true);
    }
    return carryOut(inventory, domain, verdict, actor);
  }

  /// Carries out what waited for its turn.
  void runDue() {
    var inventory = room.publish();
    for (var domain : inventory.domains()) {
      var verdict = domain.verdict();
      if (verdict != null && verdict.condemnedAt() == null && !waits(verdict.dueAt(), room.now())) {
        carryOut(inventory, domain, verdict, "clock");
        return;
      }
    }
  }

  private Condemnation carryOut(
      Inventory inventory, DomainRow domain, Verdict verdict, String actor) {
    var tainted =
        inventory.keys().stream()
            .filter(key -> key.birth().domain().equals(domain.name()))
            .filter(key -> KeyMove.TAINT.from(key.state()))
            .toList();
    var now = room.now();
    var takeover = takeover(inventory, domain, actor);
    var condemned =
        domain.judged(
            verdict.carriedOut(
                now,
                tainted.stream().map(KeyRow::kid).toList(),
                takeover.keys().stream().map(successor -> successor.key().kid()).toList()));
    room.tables().together(() -> write(condemned, takeover, tainted, actor));
    room.publish();
    LOG.atWarn()
        .addKeyValue("domain", domain.name())
        .addKeyValue("kid", verdict.byKid())
        .addKeyValue("tainted", tainted.size())
        .addKeyValue("replaced", takeover.keys().size())
        .log("custody domain condemned");
    return condemned.condemnation(true);
  }

  private void write(DomainRow condemned, Takeover takeover, List<KeyRow> tainted, String actor) {
    var tables = room.tables();
    var verdict = condemned.verdict();
    var now = condemned.condemnedAt();
    if (verdict == null || now == null) {
      throw new IllegalStateException("expected a verdict");
    }
    if (condemned.version() > 1) {
      tables.change(condemned, "domain.condemned", actor);
    }
    var spare = takeover.domain();
    if (spare != null) {
      tables.change(spare.as(DomainRole.SIGNING), "domain.signing", actor);
    }
    for (var key : tainted) {
      var next = key.move(KeyMove.TAINT, now).because(verdict.cause());
      tables.change(next, KeyMove.TAINT.event(), actor, Map.of("was", key.state().wireName()));
    }
    for (var successor : takeover.keys()) {
      var policy = successor.set().policy();
      var origin = successor.origin();
      if (origin != null) {
        tables.add(successor.key(), origin, policy, actor);
      }
      tables.change(
          successor.key().activate(now, policy.signFor()),
          KeyMove.ACTIVATE.event(),
          actor,
          KeyRoom.activation(successor.key(), null, policy, now));
    }
  }

  /// By the reserve domain; by a new one when there is none, or when its store does not open. What
  /// cannot be had now is left to the tick: the taint waits for no successor.
  private Takeover takeover(Inventory inventory, DomainRow condemned, String actor) {
    boolean signed =
        condemned.role() == DomainRole.SIGNING || inventory.domain(DomainRole.SIGNING) == null;
    if (!signed) {
      return new Takeover(null, possible(inventory, condemned, null));
    }
    var reserve = inventory.domain(DomainRole.RESERVE);
    boolean sound = reserve != null && reserve.verdict() == null;
    if (reserve != null && sound) {
      try {
        return new Takeover(reserve, successors(inventory, condemned, reserve));
      } catch (KeysException e) {
        without("the reserve domain does not open; a new one takes its place", reserve.name(), e);
      }
    }
    try {
      return byNewDomain(inventory, condemned, actor);
    } catch (KeysException e) {
      without("no new domain can be made; taints without it", condemned.name(), e);
      var keys = possible(inventory, condemned, sound ? reserve : null);
      return new Takeover(sound && !keys.isEmpty() ? reserve : null, keys);
    }
  }

  private Takeover byNewDomain(Inventory inventory, DomainRow condemned, String actor) {
    var left = inventory.domain(DomainRole.SPARE);
    var name = left == null ? room.makeDomain(inventory, DomainRole.SPARE, actor) : left.name();
    var fresh = room.current();
    return new Takeover(fresh.domain(name), successors(fresh, condemned, fresh.domain(name)));
  }

  private List<Successor> successors(
      Inventory inventory, DomainRow condemned, @Nullable DomainRow spare) {
    return bereft(inventory, condemned).stream()
        .map(set -> successor(inventory, set, condemned, spare))
        .toList();
  }

  /// Those successors that can be had at this moment.
  private List<Successor> possible(
      Inventory inventory, DomainRow condemned, @Nullable DomainRow spare) {
    var successors = new ArrayList<Successor>();
    for (var set : bereft(inventory, condemned)) {
      try {
        successors.add(successor(inventory, set, condemned, spare));
      } catch (KeysException e) {
        without("no key can take over now; taints without one", set.name(), e);
      }
    }
    return successors;
  }

  /// The sets whose active key is of this domain, or that have none.
  private List<KeySetConfig> bereft(Inventory inventory, DomainRow condemned) {
    return sets.stream()
        .filter(set -> {
          var active = inventory.active(set.name());
          return active == null || active.birth().domain().equals(condemned.name());
        })
        .toList();
  }

  private static void without(String message, String about, KeysException e) {
    LOG.atError()
        .addKeyValue("about", about)
        .addKeyValue("code", e.code().wireName())
        .setCause(e)
        .log(message);
  }

  /// The oldest reserve key that opens; else one made on the spot.
  private Successor successor(
      Inventory inventory, KeySetConfig set, DomainRow condemned, @Nullable DomainRow spare) {
    for (var key : inventory.reserves(set.name())) {
      var domain = inventory.domain(key.birth().domain());
      if (!key.birth().domain().equals(condemned.name())
          && domain != null
          && domain.verdict() == null
          && room.custody().opens(key)) {
        return new Successor(set, key, null);
      }
    }
    var domain = spare == null ? inventory.domain(DomainRole.SIGNING) : spare;
    if (domain == null || domain.name().equals(condemned.name())) {
      throw new KeysException(
          KeysException.Code.STORE_DAMAGED, "expected a domain that bears keys; there is none");
    }
    var born = room.bear(set, domain.name(), false);
    room.custody().ready(born.key());
    return new Successor(set, born.key(), born.origin());
  }

  /// The first two emergencies at once, later ones ten minutes after the one before.
  private static Instant due(Inventory inventory, Instant now) {
    var condemned = inventory.condemned();
    var last = condemned.size() < AT_ONCE ? null : condemned.getLast().condemnedAt();
    var next = last == null ? now : last.plus(PAUSE);
    return waits(next, now) ? next : now;
  }

  /// Whether this moment is to come. One further away than the pause was reckoned before the clock
  /// was put back: that must not let a condemned key sign on.
  private static boolean waits(Instant due, Instant now) {
    return due.isAfter(now) && !due.isAfter(now.plus(PAUSE));
  }

  private static boolean bornAfterFirst(Inventory inventory, KeyRow key) {
    var condemned = inventory.condemned();
    var first = condemned.isEmpty() ? null : condemned.getFirst().condemnedAt();
    return first != null && !key.birth().createdAt().isBefore(first);
  }

  /// Who takes over.
  ///
  /// @param domain signs from now on; null when the signing domain stays
  private record Takeover(@Nullable DomainRow domain, List<Successor> keys) {}

  /// A key that takes over.
  ///
  /// @param origin of one that was made on the spot: its row is not written yet
  private record Successor(KeySetConfig set, KeyRow key, @Nullable KeyOrigin origin) {
    Successor {
      if (key.state() != KeyState.PREPARED) {
        throw new IllegalArgumentException("expected a key that waits");
      }
    }
  }
}
