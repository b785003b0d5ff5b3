package dev.ingam.issuance.judge;

import dev.ingam.issuance.ledger.Finding;
import dev.ingam.wire.Reason;
import org.jspecify.annotations.Nullable;

/// One row of the judge's table: what a finding means for a token with a good signature of ours.
///
/// @param reason why it is refused, whoever signed it; null when the token is honoured
/// @param unproven refused without a proof either way: counted, and a person must look
public record Ruling(Conclusion conclusion, @Nullable Reason reason, boolean unproven) {
  private static final Ruling HONOURED = new Ruling(Conclusion.NONE, null, false);

  /// Whether the ledger has no matching entry, so that the token must be judged.
  public boolean isMismatch() {
    return conclusion == Conclusion.PROOF || unproven;
  }

  /// The table.
  public static Ruling of(Finding finding) {
    return switch (finding) {
      // The tag is good and the digest is equal: never a proof, whatever became of it.
      case ISSUED -> HONOURED;
      case EXPIRED -> refused(Reason.EXPIRED);
      case REDEEMED -> refused(Reason.ALREADY_REDEEMED);
      case REVOKED -> refused(Reason.REVOKED);
      case SINGLE_USE_DOUBT -> refused(Reason.LEDGER_DOUBT);
      // Only this installation makes serials whose check holds.
      case FABRICATED -> proof(Reason.NOT_ISSUED);
      // The tag is good, so this slot is another token's.
      case ALTERED -> proof(Reason.ALTERED);
      // We opened the book and know each slot that we handed out.
      case NEVER_ENTERED -> proof(Reason.NOT_ISSUED);
      // We said so ourselves, before a completed sync, and the tag shows it.
      case VOID -> proof(Reason.NOT_ISSUED);
      // A serial of ours without its book: an honest token may have lost its entry.
      case UNKNOWN_BOOK, INCOMPLETE_BOOK, DAMAGED, UNRECORDED -> unproven(Reason.LEDGER_DOUBT);
      case FOREIGN_BOOK -> unproven(Reason.LEDGER_UNAVAILABLE);
    };
  }

  private static Ruling proof(Reason reason) {
    return new Ruling(Conclusion.PROOF, reason, false);
  }

  private static Ruling refused(Reason reason) {
    return new Ruling(Conclusion.NONE, reason, false);
  }

  private static Ruling unproven(Reason reason) {
    return new Ruling(Conclusion.NONE, reason, true);
  }
}
