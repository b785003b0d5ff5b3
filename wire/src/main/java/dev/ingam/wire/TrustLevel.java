package dev.ingam.wire;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How much proof tokens of an audience need. The strictest comes first.
public enum TrustLevel {
  /// Both: a live key signed the token, and the ledger issued exactly it.
  REQUIRED,
  /// The ledger is asked; what it lacks evidence for is accepted and reported.
  OBSERVE,
  /// The ledger is not asked.
  OFF;

  /// The name in messages: `observe`.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The stricter of the two.
  public TrustLevel stricter(TrustLevel other) {
    return compareTo(other) <= 0 ? this : other;
  }

  /// Whether less than both proofs is enough.
  public boolean isLowered() {
    return this != REQUIRED;
  }

  /// Whether a refusal of the ledger is forgiven: only where it lacks evidence, never where it has
  /// evidence against the token.
  public boolean forgives(Reason reason) {
    return isLowered()
        && (reason == Reason.NOT_ISSUED
            || reason == Reason.ALTERED
            || reason == Reason.LEDGER_DOUBT
            || reason == Reason.LEDGER_UNAVAILABLE);
  }

  public static @Nullable TrustLevel ofWireName(String name) {
    for (var level : values()) {
      if (level.wireName().equals(name)) {
        return level;
      }
    }
    return null;
  }
}
