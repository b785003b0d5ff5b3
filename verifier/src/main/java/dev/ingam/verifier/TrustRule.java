package dev.ingam.verifier;

import dev.ingam.wire.AccessToken;
import dev.ingam.wire.Reason;
import dev.ingam.wire.TrustLevel;

/// How much proof a token needs: what the audience's policy on the server says now, or more if the
/// service expects more. Less than both proofs is never enough for single use, nor under a key that
/// is tainted: there nothing but the ledger tells the thief's tokens from ours.
final class TrustRule {
  private final LedgerStateSource state;
  private final KeyRule keys;

  TrustRule(LedgerStateSource state, KeyRule keys) {
    this.state = state;
    this.keys = keys;
  }

  /// The level for tokens of this audience now.
  TrustLevel level(String audience, boolean singleUse, TrustLevel least) {
    return singleUse ? TrustLevel.REQUIRED : state.trust(audience).stricter(least);
  }

  /// The level for a token that was examined, as it is now.
  TrustLevel level(Examination.Passed passed) {
    return level(
        passed.token().claims().audience(),
        passed.item().singleUse(),
        passed.expected().leastTrust());
  }

  /// Whether a token that the ledger would refuse for this reason is accepted all the same.
  boolean forgives(TrustLevel level, AccessToken token, Reason reason) {
    return level.forgives(reason) && keys.standsAlone(token.header().kid());
  }

  /// Whether the ledger is not asked about a token. Its key must stand alone then.
  boolean isOff(Examination.Passed passed) {
    return level(passed) == TrustLevel.OFF;
  }
}
