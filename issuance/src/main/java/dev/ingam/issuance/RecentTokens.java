package dev.ingam.issuance;

import dev.ingam.wire.TokenDigest;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// What was found out about the tokens that came last.
///
/// A table of fixed size: each token has one place, and takes it from whichever stood there. So a
/// flood neither grows it nor empties it for all others at once. Tokens are known by a digest of
/// their whole text, signature included; none is kept. Safe to call concurrently.
final class RecentTokens<T> {
  private record Seen<T>(TokenDigest token, T found) {}

  private final AtomicReferenceArray<@Nullable Seen<T>> places;

  RecentTokens(int size) {
    places = new AtomicReferenceArray<>(size);
  }

  /// What a token is known by here.
  static TokenDigest digest(String token) {
    return TokenDigest.ofSigningInput(token.getBytes(StandardCharsets.UTF_8));
  }

  @Nullable T find(TokenDigest token) {
    var seen = places.get(place(token));
    return seen == null || !seen.token().equals(token) ? null : seen.found();
  }

  void remember(TokenDigest token, T found) {
    places.set(place(token), new Seen<>(token, found));
  }

  void forget(TokenDigest token) {
    var seen = places.get(place(token));
    if (seen != null && seen.token().equals(token)) {
      places.compareAndSet(place(token), seen, null);
    }
  }

  private int place(TokenDigest token) {
    return (int) Math.unsignedMultiplyHigh(token.low(), places.length());
  }
}
