package dev.ingam.issuance.audience;

import dev.ingam.issuance.audience.Audiences.Planned;
import dev.ingam.wire.TrustLevel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a change of an audience's policy brings and gives up, in words for who is to confirm it.
public final class AudienceEffects {
  private static final String OBSERVE =
      "GIVEN UP: a token with a good signature passes though the ledger has no matching entry for it."
          + " So does what a thief signs with a key of yours, until the first such token has condemned"
          + " the key.";
  private static final String STILL =
      "Revoked, used-up and expired tokens are refused as before. What passes is counted by reason:"
          + " ingam audiences list";
  private static final String OFF =
      "GIVEN UP: the ledger is not asked. What a thief signs with a key of yours passes, and no such"
          + " token shows the theft; one revoked or used-up token passes until it expires.";

  private AudienceEffects() {}

  /// One sentence for each effect.
  public static List<String> of(Planned planned, Instant now) {
    var effects = new ArrayList<String>();
    var audience = planned.audience();
    var before = planned.before();
    if (before == null || !before.keySet().equals(audience.keySet())) {
      effects.add("The key set " + audience.keySet() + " signs new tokens for it.");
    }
    if (before == null || before.dataClass() != audience.dataClass()) {
      effects.add(
          "Its tokens open data of class "
              + audience.dataClass().name().toLowerCase(Locale.ROOT)
              + " at most.");
    }
    effects.addAll(trust(audience.lowered(), before, now));
    return List.copyOf(effects);
  }

  private static List<String> trust(
      @Nullable Lowering lowered, @Nullable Audience before, Instant now) {
    var wasLowered = before != null && before.isLowered(now);
    if (lowered == null) {
      return wasLowered
          ? List.of("Both proofs are required. Other verifiers follow within a second, or ten.")
          : List.of();
    }
    if (before != null && lowered.equals(before.lowered())) {
      return List.of();
    }
    var rest =
        "The alarm trust_lowered stands until "
            + lowered.until()
            + "; then both proofs are required again by themselves.";
    return lowered.level() == TrustLevel.OFF ? List.of(OFF, rest) : List.of(OBSERVE, STILL, rest);
  }
}
