package dev.ingam.verifier;

import dev.ingam.wire.LedgerState;
import org.jspecify.annotations.Nullable;

/// What the ledger last said of itself. Never throws and never waits; safe to call concurrently.
@FunctionalInterface
public interface LedgerStateSource {
  /// The last state, however old; null before the first.
  @Nullable LedgerState current();
}
