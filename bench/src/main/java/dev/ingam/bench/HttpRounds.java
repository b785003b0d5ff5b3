package dev.ingam.bench;

import java.util.ArrayList;
import java.util.List;

/// Two servers under load in turns, A B A B, and the server's memory meanwhile.
final class HttpRounds {
  /// Loads one side for some seconds.
  @FunctionalInterface
  interface Load {
    WrkResult run(int round, double seconds) throws Exception;
  }

  /// What the rounds that count showed.
  record Measured(List<WrkResult> ours, List<WrkResult> limit, Memory most) {
    Rounds.Rates rates() {
      return new Rounds.Rates(rates(ours), rates(limit));
    }

    private static double[] rates(List<WrkResult> results) {
      return results.stream().mapToDouble(WrkResult::perSecond).toArray();
    }

    /// Latency under that load, of the median round.
    String latency() {
      var p50 = ours.stream().mapToDouble(WrkResult::medianMicros).toArray();
      var p99 = ours.stream().mapToDouble(WrkResult::p99Micros).toArray();
      return "latency at full load p50 %s ms, p99 %s ms"
          .formatted(
              Numbers.people(Numbers.median(p50) / 1000),
              Numbers.people(Numbers.median(p99) / 1000));
    }
  }

  private final Timing timing;
  private final ServerProcess server;
  private final Progress progress;

  HttpRounds(Timing timing, ServerProcess server, Progress progress) {
    this.timing = timing;
    this.server = server;
    this.progress = progress;
  }

  Measured measure(String what, Load ours, Load limit) throws Exception {
    var measured = new Measured(new ArrayList<>(), new ArrayList<>(), new Memory(0, 0));
    for (int i = -timing.warmUps(); i < timing.rounds(); i++) {
      var seconds = i < 0 ? timing.warmUpSeconds() : timing.seconds();
      var theirs = limit.run(i, seconds).clean("the bare handler");
      var mine = ours.run(i, seconds).clean(what);
      progress.say(
          "%s %s: %s/s, bare %s/s"
              .formatted(
                  what,
                  i < 0 ? "warm-up" : "round " + (i + 1),
                  Numbers.people(mine.perSecond()),
                  Numbers.people(theirs.perSecond())));
      if (i >= 0) {
        measured.ours.add(mine);
        measured.limit.add(theirs);
      }
      measured = new Measured(measured.ours, measured.limit, measured.most.most(server.memory()));
    }
    return measured;
  }
}
