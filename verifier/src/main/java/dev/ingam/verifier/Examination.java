package dev.ingam.verifier;

import dev.ingam.wire.AccessToken;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.Verdict;

/// What a token is before the ledger has the last word.
public sealed interface Examination {
  /// Claims and signature are good. Not accepted yet: [Verifier#redeem] decides, after the sender
  /// constraint and whatever else the caller has to check.
  record Passed(AccessToken token, LedgerItem item) implements Examination {}

  record Failed(Verdict.Refused refused) implements Examination {}
}
