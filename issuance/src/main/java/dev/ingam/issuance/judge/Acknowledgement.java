package dev.ingam.issuance.judge;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// That a person has taken up the theft of a key.
///
/// @param proofs so many forged tokens were known then; one more alarms again
public record Acknowledgement(String kid, long proofs, Instant at, String actor, String why) {
  /// To the microsecond, which is what the database keeps.
  public Acknowledgement {
    at = at.truncatedTo(ChronoUnit.MICROS);
  }
}
