package dev.ingam.bench;

import java.util.function.LongConsumer;

/// Two loads measured in turns, A B A B: what the machine does meanwhile (clock speed, neighbours)
/// falls on both, so that the ratio of the medians says something even when the rates themselves
/// drift.
final class Rounds {
  /// Does `operations` operations and returns a number that depends on all their results, so that
  /// none is optimised away.
  @FunctionalInterface
  interface Load {
    long run(int operations) throws Exception;
  }

  /// Operations a second of each round.
  record Rates(double[] ours, double[] limit) {
    double oursMedian() {
      return Numbers.median(ours);
    }

    double limitMedian() {
      return Numbers.median(limit);
    }

    /// The ratio of each round, from the worst to the best.
    String spread() {
      var ratios = new double[ours.length];
      for (int i = 0; i < ratios.length; i++) {
        ratios[i] = ours[i] / limit[i];
      }
      return "rounds "
          + Numbers.percent(Numbers.least(ratios))
          + " to "
          + Numbers.percent(Numbers.most(ratios));
    }
  }

  private static final int BATCH = 64;

  private final Timing timing;
  private final LongConsumer sink;

  /// @param sink takes what the loads returned
  Rounds(Timing timing, LongConsumer sink) {
    this.timing = timing;
    this.sink = sink;
  }

  Rates measure(Load ours, Load limit) throws Exception {
    for (int i = 0; i < timing.warmUps(); i++) {
      rate(limit, timing.warmUpSeconds());
      rate(ours, timing.warmUpSeconds());
    }
    var a = new double[timing.rounds()];
    var b = new double[timing.rounds()];
    for (int i = 0; i < timing.rounds(); i++) {
      b[i] = rate(limit, timing.seconds());
      a[i] = rate(ours, timing.seconds());
    }
    return new Rates(a, b);
  }

  private double rate(Load load, double seconds) throws Exception {
    var begin = System.nanoTime();
    var length = (long) (seconds * 1e9);
    var done = 0L;
    var taken = 0L;
    while (taken < length) {
      sink.accept(load.run(BATCH));
      done += BATCH;
      taken = System.nanoTime() - begin;
    }
    return done * 1e9 / taken;
  }
}
