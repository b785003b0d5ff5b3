package dev.ingam.bench;

import java.nio.file.Path;
import java.util.Map;

/// Every bench by its word.
final class Benches {
  private Benches() {}

  static Map<Subject, Bench> all(Path home) {
    return Map.of();
  }
}
