package dev.ingam.bench;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/// All figures of one run.
///
/// @param provider the crypto provider that signed and verified
/// @param method warm-up and rounds of each bench, for people
record Report(
    Instant at, Machine machine, String provider, List<String> method, List<Figure> figures) {
  Report {
    method = List.copyOf(method);
    figures = List.copyOf(figures);
  }

  /// True when every figure that has something to reach reached it.
  boolean reached() {
    return figures.stream()
        .map(Figure::reached)
        .filter(Objects::nonNull)
        .allMatch(Boolean::booleanValue);
  }
}
