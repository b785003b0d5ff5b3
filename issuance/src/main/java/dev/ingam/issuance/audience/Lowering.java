package dev.ingam.issuance.audience;

import dev.ingam.issuance.watermark.Mark;
import dev.ingam.wire.LoweredTrust;
import dev.ingam.wire.TrustLevel;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Less than both proofs for an audience's tokens: for a time, and for a reason.
///
/// @param since whole seconds, as `until`, which is at most 14 days later
public record Lowering(TrustLevel level, Instant since, Instant until, String reason) {
  /// No level is lowered for longer.
  public static final Duration MAX = LoweredTrust.MAX;

  /// By so much the clock may lie before the beginning.
  private static final Duration SKEW = Duration.ofSeconds(60);

  /// Refuses what is none, with a message for the operator.
  public Lowering {
    expect(level.isLowered(), "trust observe or off");
    expect(isWhole(since) && isWhole(until), "times of whole seconds");
    expect(
        since.isBefore(until) && !until.isAfter(since.plus(MAX)),
        "an end that is at most 14 days ahead");
    expect(Mark.isReason(reason), "a reason of 1 to 200 characters");
  }

  private static void expect(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("expected " + what);
    }
  }

  private static boolean isWhole(Instant time) {
    return time.equals(time.truncatedTo(ChronoUnit.SECONDS));
  }

  /// Whether it is in force at this time. No job ends it.
  public boolean isLive(Instant now) {
    return !now.isBefore(since.minus(SKEW)) && now.isBefore(until);
  }
}
