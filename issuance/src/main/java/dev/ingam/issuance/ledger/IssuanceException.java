package dev.ingam.issuance.ledger;

import org.jspecify.annotations.Nullable;

/// The environment (disk, database, lock) did not allow what was asked. Never thrown for what a
/// caller sent.
public final class IssuanceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// What is missing.
  public enum Kind {
    /// The ledger cannot take or show an entry now; nothing was lost.
    LEDGER_UNAVAILABLE("ledger_unavailable"),
    /// The database did not answer; nothing was changed.
    DATABASE_UNAVAILABLE("database_unavailable"),
    /// The database is older than what this node remembers of it; nothing is issued.
    DATABASE_BEHIND("database_behind"),
    /// Another server holds the folder, the book or the lease.
    ALREADY_SERVED("already_served"),
    /// Somebody else changed a row that decides this; nobody knows what holds.
    POLICY_IN_DOUBT("policy_in_doubt");

    private final String code;

    Kind(String code) {
      this.code = code;
    }

    /// The stable name in answers and logs.
    public String code() {
      return code;
    }
  }

  private final Kind kind;

  public IssuanceException(Kind kind, String message) {
    this(kind, message, null);
  }

  public IssuanceException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
