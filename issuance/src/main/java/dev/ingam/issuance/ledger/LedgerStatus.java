package dev.ingam.issuance.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// How the ledger is, for `status` and metrics.
///
/// @param books those whose files are open, oldest first
/// @param spareReady whether the next book is prepared
/// @param syncLag age of the oldest entry that a power failure would make doubtful; zero when all
///   is synced or sync is off
/// @param alarms what needs a person
public record LedgerStatus(
    List<BookStatus> books, boolean spareReady, Duration syncLag, List<LedgerAlarm> alarms) {

  public LedgerStatus {
    books = List.copyOf(books);
    alarms = List.copyOf(alarms);
  }

  /// One book.
  ///
  /// @param condition what it is used for
  /// @param used slots handed out; of an older book that was not sealed, those up to its mark
  /// @param mark slots whose entry survives a power failure
  /// @param doubtful whether single-use tokens of it are refused
  /// @param damaged whether something was found in it that the ledger cannot have written
  public record BookStatus(
      int number, Condition condition, int used, int mark, boolean doubtful, boolean damaged) {}

  public enum Condition {
    /// Tokens are entered in it.
    OPEN,
    /// Prepared: it is used next.
    SPARE,
    /// No serial is given from it any more; tokens of it are redeemed.
    CLOSING,
    /// Closed under a Merkle root; tokens of it are redeemed until they expire.
    SEALED,
    /// Opened by an earlier process and not sealed by it; tokens of it are redeemed.
    LEFT_OPEN,
    /// Its file is missing, short, foreign or damaged; its tokens are refused.
    UNREADABLE
  }

  /// Something that needs a person.
  ///
  /// @param code stable name, snake_case
  /// @param what what is wrong, for people
  /// @param doNext what to do about it
  public record LedgerAlarm(String code, Instant since, String what, String doNext) {}
}
