package dev.ingam.verifier;

import dev.ingam.wire.LedgerState;
import dev.ingam.wire.TrustLevel;
import org.jspecify.annotations.Nullable;

/// What the ledger last said of itself. Never throws and never waits; safe to call concurrently.
@FunctionalInterface
public interface LedgerStateSource {
  /// The last state, however old; null before the first.
  @Nullable LedgerState current();

  /// How much proof the server asks for tokens of this audience now: required, unless it is known
  /// and fresh that the audience's policy says otherwise.
  default TrustLevel trust(String audience) {
    return TrustLevel.REQUIRED;
  }
}
