package dev.ingam.wire;

import java.time.Duration;

/// An audience whose tokens need less than both proofs, for a time.
///
/// @param level observe or off
/// @param until seconds since 1970; from then on both proofs are required
public record LoweredTrust(String audience, TrustLevel level, long until) {
  /// No level is lowered for longer.
  public static final Duration MAX = Duration.ofDays(14);

  /// How far the clocks of server and verifier may be apart.
  private static final long SKEW_SECONDS = 300;

  public LoweredTrust {
    if (!isAudience(audience) || !level.isLowered() || !Watermark.isTime(until)) {
      throw new IllegalArgumentException(
          "expected an audience, the level observe or off, and an end in seconds of 32 bits");
    }
  }

  static boolean isAudience(String text) {
    return AccessToken.isName(text, AccessToken.MAX_NAME);
  }

  /// The level at this second. An end that is too far away is none that was set: required.
  public TrustLevel at(long seconds) {
    return seconds < until && until - seconds <= MAX.toSeconds() + SKEW_SECONDS
        ? level
        : TrustLevel.REQUIRED;
  }
}
