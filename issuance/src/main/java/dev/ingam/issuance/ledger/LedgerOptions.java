package dev.ingam.issuance.ledger;

import java.time.Duration;
import java.util.Locale;

/// How a node keeps its ledger.
///
/// @param node this node's name in the directory
/// @param bootId of the host's present boot: as long as it is the same, nothing was lost
/// @param bookSlots slots of a new book
/// @param sync whether a background thread forces entries to the disk each 100 ms; without it a
///   power failure makes every token doubtful
/// @param journal whether a row is kept of each token; without it nobody can say later whose a
///   token was
/// @param skew for how long past its expiry a token is still honoured
/// @param retention for how long after the last token expired a book is kept; a forged token with a
///   serial from a dropped book proves nothing
/// @param bookAge when a new book is begun although the old one has room
public record LedgerOptions(
    String node,
    String bootId,
    int bookSlots,
    boolean sync,
    boolean journal,
    Duration skew,
    Duration retention,
    Duration bookAge) {
  static final int MOST_SLOTS = 1 << 24;

  public LedgerOptions {
    if (bookSlots < 1 || bookSlots > MOST_SLOTS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "expected 1 to %d slots a book, came %d", MOST_SLOTS, bookSlots));
    }
    if (skew.isNegative() || retention.isNegative() || !bookAge.isPositive()) {
      throw new IllegalArgumentException(
          "expected skew and retention of zero or more and a book age above zero");
    }
    if (bootId.isBlank()) {
      throw new IllegalArgumentException("expected the host's boot id, came a blank");
    }
  }

  /// Sync and journal on, books of 2^20 slots, a minute of skew, a day of retention, books of an
  /// hour.
  public static LedgerOptions of(String node, String bootId) {
    return new LedgerOptions(
        node,
        bootId,
        1 << 20,
        true,
        true,
        Duration.ofSeconds(60),
        Duration.ofDays(1),
        Duration.ofHours(1));
  }

  public LedgerOptions withBookSlots(int slots) {
    return new LedgerOptions(node, bootId, slots, sync, journal, skew, retention, bookAge);
  }

  /// Gives up what a power failure leaves, and who got which token: for measuring.
  public LedgerOptions withoutSyncAndJournal() {
    return new LedgerOptions(node, bootId, bookSlots, false, false, skew, retention, bookAge);
  }

  public LedgerOptions withTimes(Duration newSkew, Duration newRetention, Duration newBookAge) {
    return new LedgerOptions(
        node, bootId, bookSlots, sync, journal, newSkew, newRetention, newBookAge);
  }
}
