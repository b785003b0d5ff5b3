package dev.ingam.issuance.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.ledger.Finding;
import dev.ingam.wire.Reason;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulingTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "honoured",
      value = {
        "ISSUED, NONE, honoured, false",
        "EXPIRED, NONE, EXPIRED, false",
        "REDEEMED, NONE, ALREADY_REDEEMED, false",
        "REVOKED, NONE, REVOKED, false",
        "SINGLE_USE_DOUBT, NONE, LEDGER_DOUBT, false",
        "FABRICATED, PROOF, NOT_ISSUED, false",
        "ALTERED, PROOF, ALTERED, false",
        "NEVER_ENTERED, PROOF, NOT_ISSUED, false",
        "VOID, PROOF, NOT_ISSUED, false",
        "UNKNOWN_BOOK, NONE, LEDGER_DOUBT, true",
        "FOREIGN_BOOK, NONE, LEDGER_UNAVAILABLE, true",
        "INCOMPLETE_BOOK, NONE, LEDGER_DOUBT, true",
        "DAMAGED, NONE, LEDGER_DOUBT, true",
        "UNRECORDED, NONE, LEDGER_DOUBT, true"
      })
  void table_isTheDesigns(Finding finding, Conclusion conclusion, Reason reason, boolean unproven) {
    assertThat(Ruling.of(finding)).isEqualTo(new Ruling(conclusion, reason, unproven));
  }

  @Test
  void onlyFourFindings_areProof() {
    var proofs = EnumSet.noneOf(Finding.class);
    for (var finding : Finding.values()) {
      if (Ruling.of(finding).conclusion() == Conclusion.PROOF) {
        proofs.add(finding);
      }
    }
    assertThat(proofs)
        .isEqualTo(
            Set.of(Finding.FABRICATED, Finding.ALTERED, Finding.NEVER_ENTERED, Finding.VOID));
  }
}
