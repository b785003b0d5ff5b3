package dev.ingam.wire;

/// What became of a token.
public sealed interface Verdict {
  /// Both proofs are there: a live key signed it, and the ledger issued exactly this token.
  record Accepted(AccessToken token) implements Verdict {}

  /// `detail` is for the operator's log and names no secret; callers are told the reason alone.
  record Refused(Reason reason, String detail) implements Verdict {}
}
