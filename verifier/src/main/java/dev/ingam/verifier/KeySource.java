package dev.ingam.verifier;

import dev.ingam.wire.VerificationKey;
import org.jspecify.annotations.Nullable;

/// Where a verifier finds keys. Never throws; safe to call concurrently; may wait for the network,
/// but not without bound.
public interface KeySource {
  /// The key of that `kid` in whatever state, or null when there is none.
  @Nullable VerificationKey find(String kid);
}
