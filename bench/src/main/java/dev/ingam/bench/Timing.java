package dev.ingam.bench;

/// How long and how often: printed with the figures.
///
/// @param warmUps warm-up rounds of each side before the first that counts
record Timing(int warmUps, double warmUpSeconds, int rounds, double seconds) {
  Timing {
    if (warmUps < 0 || rounds < 1 || !(warmUpSeconds >= 0) || !(seconds > 0)) {
      throw new IllegalArgumentException(
          "expected at least one round longer than nothing, came " + rounds + " of " + seconds);
    }
  }

  static final Timing IN_PROCESS = new Timing(3, 2, 9, 2);
  static final Timing OVER_HTTP = new Timing(2, 15, 5, 10);
  static final Timing QUICK_IN_PROCESS = new Timing(2, 0.5, 3, 0.5);
  static final Timing QUICK_OVER_HTTP = new Timing(1, 5, 3, 3);

  String text() {
    return "warm-up "
        + warmUps
        + " x "
        + Numbers.people(warmUpSeconds)
        + " s a side, then medians of "
        + rounds
        + " interleaved rounds of "
        + Numbers.people(seconds)
        + " s";
  }
}
