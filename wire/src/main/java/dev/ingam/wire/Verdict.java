package dev.ingam.wire;

import org.jspecify.annotations.Nullable;

/// What became of a token.
public sealed interface Verdict {
  /// Accepted on a ground: `REQUIRED` says that both proofs are there, a live key signed it and the
  /// ledger issued exactly this token; `OBSERVE` that the ledger would have refused it; `OFF` that
  /// it was not asked.
  ///
  /// @param observed why the ledger would have refused; set if and only if the ground is `OBSERVE`
  record Accepted(AccessToken token, TrustLevel ground, @Nullable Reason observed)
      implements Verdict {
    public Accepted {
      if ((ground == TrustLevel.OBSERVE) != (observed != null)) {
        throw new IllegalArgumentException(
            "expected a reason if and only if the token is observed");
      }
    }

    /// With both proofs.
    public Accepted(AccessToken token) {
      this(token, TrustLevel.REQUIRED, null);
    }
  }

  /// `detail` is for the operator's log and names no secret; callers are told the reason alone.
  record Refused(Reason reason, String detail) implements Verdict {}
}
