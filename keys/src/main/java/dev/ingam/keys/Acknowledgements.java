package dev.ingam.keys;

import java.util.List;
import java.util.Objects;

/// Takes note that people have taken up condemned domains, so that their alarms end: that the
/// domain was condemned, and that verifiers must fetch the keys of its successors again. Nothing
/// else changes.
public final class Acknowledgements {
  private final KeyRoom room;
  private final KeyLock lock;

  /// @param lock held by whoever uses the room
  Acknowledgements(KeyRoom room, KeyLock lock) {
    this.room = room;
    this.lock = lock;
  }

  /// The keys whose theft condemned a domain that no person has taken up, the earliest first.
  public List<String> open() {
    return lock.locked(() ->
        room.publish().unacknowledged().stream()
            .map(DomainRow::verdict)
            .filter(Objects::nonNull)
            .map(DomainRow.Verdict::byKid)
            .toList());
  }

  /// Ends the alarms about the custody domain of this key, at the next tick. Idempotent, durable
  /// when it returns.
  ///
  /// @return the domain
  /// @throws KeysException NO_SUCH_KEY, or ILLEGAL_MOVE when the domain is not condemned, or still
  ///   waits for that
  public String acknowledge(String kid, String why, String actor) {
    return lock.locked(() -> {
      var inventory = room.publish();
      var name = inventory.require(kid).birth().domain();
      var domain = inventory.domain(name);
      if (domain == null || inventory.acknowledged().contains(name)) {
        return name; // A row that does not hold has an alarm of its own.
      }
      requireReplaced(domain, kid);
      var acknowledgement = new Acknowledgement(name, room.now(), actor, why);
      room.tables().together(() -> room.tables().add(acknowledgement, kid));
      return name;
    });
  }

  private static void requireReplaced(DomainRow domain, String kid) {
    if (domain.condemnedAt() == null) {
      throw new KeysException(
          KeysException.Code.ILLEGAL_MOVE,
          domain.verdict() == null
              ? "custody domain "
                  + domain.name()
                  + " of key "
                  + kid
                  + " is not condemned: there is nothing to acknowledge"
              : "the keys of "
                  + domain.name()
                  + " are not replaced yet; wait, or run: ingam keys taint "
                  + kid);
    }
  }
}
