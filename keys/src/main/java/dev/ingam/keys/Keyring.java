package dev.ingam.keys;

import dev.ingam.wire.KeySet;
import dev.ingam.wire.VerificationKey;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// The keys as the hot path sees them.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class Keyring {
  Keyring() {}

  public ActiveKey active(String keySet) {
    throw new UnsupportedOperationException(keySet);
  }

  public byte[] sign(ActiveKey key, byte[] signingInput) {
    throw new UnsupportedOperationException(key.kid());
  }

  public @Nullable VerificationKey find(String kid) {
    throw new UnsupportedOperationException(kid);
  }

  public Collection<VerificationKey> accessTokenKeys() {
    throw new UnsupportedOperationException();
  }

  public KeySet publicSet() {
    throw new UnsupportedOperationException();
  }

  public KeySet authenticatedSet() {
    throw new UnsupportedOperationException();
  }

  public long version() {
    throw new UnsupportedOperationException();
  }

  /// When the key states were last read from the database.
  public Instant asOf() {
    throw new UnsupportedOperationException();
  }
}
