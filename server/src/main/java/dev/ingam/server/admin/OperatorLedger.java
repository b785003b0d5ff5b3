package dev.ingam.server.admin;

import dev.ingam.issuance.Caller;
import dev.ingam.issuance.LedgerQueries;
import dev.ingam.verifier.LedgerClient;
import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.Reason;
import java.util.List;
import java.util.Set;

/// The ledger for a person who asks whether a token is good: it is looked up where a service would
/// redeem it, so that asking never uses a token up.
final class OperatorLedger implements LedgerClient {
  private static final Caller OPERATOR = new Caller("operator", Set.of());

  private final LedgerQueries queries;

  OperatorLedger(LedgerQueries queries) {
    this.queries = queries;
  }

  @Override
  public LedgerAnswer lookup(LedgerItem item) {
    var answers = queries.lookup(OPERATOR, List.of(item));
    return answers.isEmpty()
        ? new LedgerAnswer(item.requestId(), Reason.LEDGER_UNAVAILABLE)
        : answers.getFirst();
  }

  @Override
  public LedgerAnswer redeem(LedgerItem item) {
    return lookup(item);
  }

  @Override
  public void report(String token) {
    queries.report(OPERATOR, List.of(new LedgerItem(NO_ID, NO_SERIAL, false, token)));
  }

  /// Reports are judged from the token alone.
  private static final String NO_ID = "AAAAAAAAAAAAAAAAAAAAAA";

  private static final String NO_SERIAL = "";

  @Override
  public void close() {
    // The ledger belongs to issuance.
  }
}
