package dev.ingam.server.gate;

import dev.ingam.issuance.LedgerQueries;
import dev.ingam.verifier.LedgerClient;
import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;

/// The ledger as the gate of the same process asks it: no network, no batch, no retry.
public final class GateLedger implements LedgerClient {
  private final LedgerQueries queries;

  public GateLedger(LedgerQueries queries) {
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

  /// The ledger is the server's.
  @Override
  public void close() {}
}
