package dev.ingam.issuance.judge;

import dev.ingam.keys.Alarm;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a theft tells a person, and until when.
final class TheftAlarms {
  private static final String CODE = "theft_proven";

  private TheftAlarms() {}

  /// Empty when a person has taken up all of it.
  static Optional<Alarm> of(TheftCase theft) {
    var condemnation = theft.condemnation;
    if (condemnation == null) {
      return Optional.of(pending(theft.count()));
    }
    var acknowledged = theft.acknowledged();
    if (acknowledged == null) {
      return Optional.of(proven(theft.count(), condemnation.replacedAt()));
    }
    return theft.isAcknowledged()
        ? Optional.empty()
        : Optional.of(again(theft.count(), acknowledged, theft.newerAt()));
  }

  /// A count that somebody else wrote.
  static Alarm unsupported(String kid, Instant since) {
    return new Alarm(
        "row_not_ours",
        since,
        "the database counts forged tokens of key " + kid + " that this server did not count",
        "find out who can write to the database, then delete the row of issuance.theft_count");
  }

  private static Alarm pending(ProofCount count) {
    return new Alarm(
        "condemnation_pending",
        count.firstAt(),
        "key " + count.kid() + " signed tokens that were never issued and could not be replaced",
        "look for the cause in the log and run: ingam keys taint " + count.kid());
  }

  private static Alarm proven(ProofCount count, @Nullable Instant replacedAt) {
    var forged = "key " + count.kid() + " signed " + tokens(count.proofs()) + " never issued; ";
    return replacedAt == null
        ? new Alarm(
            CODE,
            count.firstAt(),
            forged + "none was honoured, and it waits for its turn to be replaced",
            "ingam keys taint " + count.kid())
        : new Alarm(
            CODE,
            count.firstAt(),
            forged + "it was replaced and none was honoured",
            "find out who could reach the key store and what else he could reach there; then: "
                + acknowledge(count.kid()));
  }

  private static Alarm again(ProofCount count, Acknowledgement acknowledged, Instant since) {
    return new Alarm(
        CODE,
        since,
        tokens(count.proofs() - acknowledged.proofs())
            + " never issued came from stolen key "
            + count.kid()
            + " after "
            + acknowledged.actor()
            + " had acknowledged the theft at "
            + acknowledged.at()
            + "; none was honoured",
        "the thief is still at work: find out where from; then: " + acknowledge(count.kid()));
  }

  private static String tokens(long count) {
    return count == 1 ? "1 token that was" : count + " tokens that were";
  }

  private static String acknowledge(String kid) {
    return "ingam proofs acknowledge " + kid + " --reason TEXT";
  }
}
