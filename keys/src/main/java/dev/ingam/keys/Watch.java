package dev.ingam.keys;

import dev.ingam.keys.AlarmBoard.Text;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Looks at keys and domains and raises what a person must look at.
final class Watch {
  private static final Duration REMEMBERED = Duration.ofDays(30);

  /// What time services do to a clock every day.
  private static final Duration UNNOTICED = Duration.ofSeconds(5);

  private final AlarmBoard board;

  Watch(AlarmBoard board) {
    this.board = board;
  }

  void look(Inventory inventory, List<KeySetConfig> sets, Custody custody, Instant now) {
    for (var row : inventory.refused()) {
      board.raise(
          "row_mac_failed",
          row,
          now,
          new Text(
              "The database row " + row + " was changed by someone else; it grants nothing.",
              "Find out who can write to the database; compare the row with its events."));
    }
    for (var row : inventory.missing()) {
      board.raise(
          "row_missing",
          row,
          now,
          new Text(
              "The database row " + row + " is gone; nothing of ours deletes one.",
              "Find out who can write to the database."));
    }
    sets.forEach(set -> look(inventory, set, custody, now));
    inventory.domains().stream()
        .filter(domain -> !inventory.acknowledged().contains(domain.name()))
        .forEach(domain -> look(domain, now));
    custody.troubles().forEach((domain, trouble) -> unreachable(domain, trouble, now));
    custody.unnamed().forEach(kid -> unnamed(kid, now));
    for (var key : inventory.keys()) {
      if (!key.mayHoldPrivateHalf() && key.privateHalf()) {
        board.raise(
            "private_half_not_destroyed",
            key.kid(),
            now,
            new Text(
                "Key " + key.kid() + " signs no more, but its private half is still stored.",
                "Look at the disk of the data folder; it is tried again each second."));
      }
    }
  }

  private void unreachable(String domain, String trouble, Instant now) {
    board.raise(
        "store_unreachable",
        domain,
        now,
        new Text(
            "The keys of " + domain + " cannot be used: " + trouble + ".",
            "Look at the HSM, the way to it and its PIN; signing goes on by itself."));
  }

  private void unnamed(String kid, Instant now) {
    board.raise(
        "private_half_unnamed",
        kid,
        now,
        new Text(
            "The stores hold key " + kid + ", which the database does not know any more.",
            "The database is an older one, or someone deleted rows: restore the newest."));
  }

  /// A step that broke off; it is tried again at the next tick.
  void failed(String step, RuntimeException failure, Instant now) {
    board.raise(
        "key_step_failed",
        step,
        now,
        new Text(
            "Could not " + step + ": " + failure.getMessage(),
            failure instanceof KeysException e && e.code() == KeysException.Code.NO_ROOM
                ? "Add a place to ingam.keys.stores and start the server anew."
                : "Look at the database and at the disk; it is tried again each second."));
  }

  private void look(Inventory inventory, KeySetConfig set, Custody custody, Instant now) {
    var active = inventory.active(set.name());
    var end = active == null ? null : custody.periods().endsAt(active, now);
    if (active == null || end == null || !custody.signs(active, now)) {
      board.raise(
          "no_active_key",
          set.name(),
          now,
          new Text(
              "Key set "
                  + set.name()
                  + " has no key that signs; "
                  + (set.holdsReserve()
                      ? "no token of its audiences is issued."
                      : "no statement is signed."),
              "ingam keys rotate " + set.name() + " --now"));
    } else {
      overdue(end, set, now);
      putBack(custody.periods().putBack(active, now), end, set, now);
      unknown(inventory, active, set, now);
    }
    if (set.holdsReserve() && inventory.reserves(set.name()).isEmpty()) {
      board.raise(
          "no_reserve",
          set.name(),
          now,
          new Text(
              "Key set " + set.name() + " has no reserve key for an emergency.",
              "Look at the disk of the data folder and of the secrets folder."));
    }
  }

  private void overdue(Instant end, KeySetConfig set, Instant now) {
    var due = end.minus(set.policy().handOver());
    if (now.isAfter(due.plus(set.policy().handOver().dividedBy(2)))) {
      board.raise(
          "rotation_overdue",
          set.name(),
          now,
          new Text(
              "Key set "
                  + set.name()
                  + " should have changed its key at "
                  + due
                  + "; no key was published for long enough. It ends by itself at "
                  + end
                  + ".",
              "ingam keys list"));
    }
  }

  private void putBack(Duration by, Instant end, KeySetConfig set, Instant now) {
    if (by.compareTo(UNNOTICED) > 0) {
      board.raise(
          "clock_put_back",
          set.name(),
          now,
          new Text(
              "The clock of this machine was put back by "
                  + by.truncatedTo(ChronoUnit.SECONDS)
                  + " while the key of set "
                  + set.name()
                  + " signed. The key ends in time all the same, at "
                  + end.truncatedTo(ChronoUnit.SECONDS)
                  + " by the clock as it is now.",
              "Find out who or what put it back, and set it right."));
    }
  }

  /// A key that signs before every cache of a verifier can know it; the first key of a set has no
  /// verifier yet.
  private void unknown(Inventory inventory, KeyRow active, KeySetConfig set, Instant now) {
    var activated = active.times().activatedAt();
    var known = active.birth().createdAt().plus(set.policy().publishAhead());
    boolean first =
        inventory.keys().stream()
            .noneMatch(key ->
                key.birth().set().equals(set.name())
                    && !key.equals(active)
                    && key.times().activatedAt() != null);
    if (set.holdsReserve()
        && !first
        && !inventory.isAcknowledgedSuccessor(active.kid())
        && activated != null
        && activated.plus(set.policy().lastCall()).isBefore(known)
        && now.isBefore(known)) {
      board.raise(
          "verifiers_must_refetch",
          set.name(),
          now,
          new Text(
              "Key "
                  + active.kid()
                  + " signs since "
                  + activated
                  + " without having been published for "
                  + set.policy().publishAhead()
                  + " before.",
              "Verifiers that know only the JWK set and refuse tokens must fetch it again."));
    }
  }

  private void look(DomainRow domain, Instant now) {
    var verdict = domain.verdict();
    if (verdict == null) {
      return;
    }
    var condemned = verdict.condemnedAt();
    if (condemned == null) {
      board.raise(
          "emergency_deferred",
          domain.name(),
          now,
          new Text(
              "A key of " + domain.name() + " is out; it is replaced at " + verdict.dueAt() + ".",
              "ingam keys taint " + verdict.byKid()));
    } else if (now.isBefore(condemned.plus(REMEMBERED))) {
      board.raise(
          verdict.compromised() ? "store_compromised" : "domain_condemned",
          domain.name(),
          condemned,
          new Text(
              "The keys of " + domain.name() + " were out and replaced at " + condemned + ".",
              verdict.compromised()
                  ? "It happened again to new keys: whoever does it reads this machine. Move to another one. Then: "
                      + acknowledge(verdict.byKid())
                  : "Find out who could read its store and master key; report the breach. Then: "
                      + acknowledge(verdict.byKid())));
    }
    if (verdict.compromised() && condemned == null) {
      board.raise(
          "store_compromised",
          domain.name(),
          now,
          new Text(
              "A key born after the first emergency is out.",
              "Whoever does it reads this machine. Move to another one."));
    }
  }

  private static String acknowledge(String kid) {
    return "ingam proofs acknowledge " + kid + " --reason TEXT";
  }
}
