package dev.ingam.bench;

import java.util.SplittableRandom;

/// Random orders from a fixed seed, so that two runs ask alike.
final class Shuffle {
  private static final long SEED = 0x1A6A_2026L;

  private Shuffle() {}

  /// Swaps rows of columns of equal length, each row kept together.
  static void rows(long[]... columns) {
    var random = new SplittableRandom(SEED);
    for (int i = columns[0].length - 1; i > 0; i--) {
      var j = random.nextInt(i + 1);
      for (var column : columns) {
        var kept = column[i];
        column[i] = column[j];
        column[j] = kept;
      }
    }
  }
}
