package dev.ingam.server.ledger;

import dev.ingam.issuance.LedgerQueries;
import dev.ingam.verifier.LedgerClient;
import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.Reason;

/// The ledger as a door of the same process asks it: no network, no batch, no retry.
public final class InProcessLedger implements LedgerClient {
  private final LedgerQueries.InProcess queries;

  public InProcessLedger(LedgerQueries.InProcess queries) {
    this.queries = queries;
  }

  @Override
  public LedgerAnswer lookup(LedgerItem item) {
    return new LedgerAnswer(item.requestId(), queries.lookup(item));
  }

  @Override
  public LedgerAnswer redeem(LedgerItem item) {
    return new LedgerAnswer(item.requestId(), queries.redeem(item));
  }

  @Override
  public void report(String token) {
    queries.report(token);
  }

  @Override
  public void observed(String token, Reason reason) {
    queries.observed(token, reason);
  }

  /// The ledger is the server's.
  @Override
  public void close() {}
}
