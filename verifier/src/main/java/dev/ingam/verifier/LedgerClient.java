package dev.ingam.verifier;

import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.Reason;

/// The ledger as a verifier sees it. Never throws: whatever goes wrong on the way is
/// `ledger_unavailable`, which refuses. Safe to call concurrently.
public interface LedgerClient extends AutoCloseable {
  /// What the ledger holds, without changing it. Asking twice is asking once.
  LedgerAnswer lookup(LedgerItem item);

  /// The last step of a verification: accepts the token, and uses it up when it is single use.
  /// Asking again with the same request id within ten seconds brings the same answer.
  LedgerAnswer redeem(LedgerItem item);

  /// Hands over a token that was refused before the ledger was asked, so that the server can judge
  /// whether it is a forgery. Returns at once; may drop it when too many wait.
  void report(String token);

  /// Hands over a token that was accepted although the ledger would have refused it for this
  /// reason, or could not be asked: to be counted, and judged if it was not. Returns at once; may
  /// drop it when too many wait.
  default void observed(String token, Reason reason) {
    report(token);
  }

  @Override
  void close();
}
