package dev.ingam.wire;

import org.jspecify.annotations.Nullable;

/// What came of reading a token.
public sealed interface TokenReading {
  /// A token of our profile; no signature was checked.
  record Read(AccessToken token, CompactJws jws) implements TokenReading {}

  /// Not of our profile, for [Reason#MALFORMED] or [Reason#WRONG_TYPE]. `jws` is null when it is
  /// not even a JWS.
  record Unreadable(Reason reason, String detail, @Nullable CompactJws jws)
      implements TokenReading {}
}
