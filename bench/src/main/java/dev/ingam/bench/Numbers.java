package dev.ingam.bench;

import java.util.Arrays;
import java.util.Locale;

/// Statistics of a few rounds, and how numbers are written for people.
final class Numbers {
  private Numbers() {}

  static double median(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("expected at least one value, came none");
    }
    var sorted = values.clone();
    Arrays.sort(sorted);
    var middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  static double least(double... values) {
    return Arrays.stream(values).min().orElseThrow();
  }

  static double most(double... values) {
    return Arrays.stream(values).max().orElseThrow();
  }

  /// Thousands apart; decimals only where they say something.
  static String people(double value) {
    if (value == Math.rint(value) || Math.abs(value) >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
  }

  static String percent(double ratio) {
    return String.format(Locale.ROOT, "%.1f %%", ratio * 100);
  }
}
