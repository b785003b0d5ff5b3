package dev.ingam.verifier;

import dev.ingam.wire.AccessToken;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.TrustLevel;
import dev.ingam.wire.Verdict;

/// What a token is before the ledger has the last word.
public sealed interface Examination {
  /// Claims and signature are good. Not accepted yet: [Verifier#redeem] decides, after the sender
  /// constraint and whatever else the caller has to check.
  ///
  /// @param item says what was observed when the ledger would refuse the token and was asked
  ///   already
  /// @param leastTrust of the expectation
  record Passed(AccessToken token, LedgerItem item, TrustLevel leastTrust) implements Examination {}

  record Failed(Verdict.Refused refused) implements Examination {}
}
