package dev.ingam.bench;

import java.util.ArrayList;
import java.util.List;

/// Counts tokens that have not expired, by when they were issued.
final class LiveTokens {
  /// @param begunNanos before the first of them was issued
  private record Issued(long begunNanos, long tokens) {}

  private final long lifetimeNanos;
  private final List<Issued> issued = new ArrayList<>();

  LiveTokens(long lifetimeSeconds) {
    lifetimeNanos = lifetimeSeconds * 1_000_000_000L;
  }

  /// @param begunNanos of `System.nanoTime()`, before the first of them was issued
  void issued(long begunNanos, long tokens) {
    issued.add(new Issued(begunNanos, tokens));
  }

  /// At least so many live: of tokens that were issued together none counts once the first may have
  /// expired.
  long at(long nanos) {
    return issued.stream()
        .filter(each -> nanos - each.begunNanos < lifetimeNanos)
        .mapToLong(Issued::tokens)
        .sum();
  }
}
