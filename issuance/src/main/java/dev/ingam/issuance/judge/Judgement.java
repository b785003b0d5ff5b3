package dev.ingam.issuance.judge;

import dev.ingam.wire.Reason;
import org.jspecify.annotations.Nullable;

/// What the judge says of one token.
///
/// @param reason why it is refused; null when it is ours and nothing speaks against it
/// @param proof set if and only if the conclusion is [Conclusion#PROOF]
/// @param unproven the signature is ours, the ledger has no matching entry and cannot tell whether
///   there ever was one, though its book should still be kept
public record Judgement(@Nullable Reason reason, @Nullable Proof proof, boolean unproven) {
  /// What it proves.
  public Conclusion conclusion() {
    return proof == null ? Conclusion.NONE : Conclusion.PROOF;
  }

  static Judgement refused(@Nullable Reason reason) {
    return new Judgement(reason, null, false);
  }
}
