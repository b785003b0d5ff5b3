package dev.ingam.issuance.judge;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// The forged tokens seen of one key. Exact but for the last second before a server died.
///
/// @param proofs forged tokens presented
/// @param unknownSubjects those of them that name somebody who does not exist
/// @param uncheckedSubjects those for which that could not be found out
public record ProofCount(
    String kid,
    long proofs,
    long unknownSubjects,
    long uncheckedSubjects,
    Instant firstAt,
    Instant lastAt) {
  /// To the microsecond, which is what the database keeps.
  public ProofCount {
    firstAt = firstAt.truncatedTo(ChronoUnit.MICROS);
    lastAt = lastAt.truncatedTo(ChronoUnit.MICROS);
  }
}
