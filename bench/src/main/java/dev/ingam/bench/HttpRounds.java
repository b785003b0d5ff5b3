package dev.ingam.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// Two servers under load in turns, A B A B, and the server's memory meanwhile.
final class HttpRounds {
  /// Loads one side for some seconds.
  @FunctionalInterface
  interface Load {
    WrkResult run(int round, double seconds) throws Exception;
  }

  /// One side: how it is loaded, and the process that answers.
  record Side(String what, ProcessHandle process, Load load) {
    private Round run(int round, double seconds) throws Exception {
      var before = cpuMicros();
      var loaded = load.run(round, seconds);
      var result = round < 0 ? loaded.accepted(what) : loaded.clean(what);
      return new Round(result, (cpuMicros() - before) / (double) result.requests());
    }

    private long cpuMicros() {
      return process
              .info()
              .totalCpuDuration()
              .orElseThrow(
                  () -> new BenchException("The processor time of " + what + " is unknown"))
              .toNanos()
          / 1000;
    }
  }

  /// @param cpuMicros of the answering process, a request
  record Round(WrkResult result, double cpuMicros) {}

  /// What the rounds that count showed.
  record Measured(List<Round> ours, List<Round> limit, Memory most) {
    Rounds.Rates rates() {
      return new Rounds.Rates(rates(ours), rates(limit));
    }

    private static double[] rates(List<Round> rounds) {
      return rounds.stream().mapToDouble(round -> round.result.perSecond()).toArray();
    }

    /// What a request costs the server's core; says more than the rates where others use the
    /// machine.
    String cpu() {
      var mine = median(ours, Round::cpuMicros);
      var theirs = median(limit, Round::cpuMicros);
      return String.format(
          Locale.ROOT,
          "processor time a request %s us, bare %s us (%s)",
          Numbers.people(mine),
          Numbers.people(theirs),
          Numbers.percent(theirs / mine));
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
      return Numbers.median(rounds.stream().mapToDouble(value).toArray());
    }

    /// Latency under that load, of the median round.
    String latency() {
      var p50 = median(ours, round -> round.result.medianMicros());
      var p99 = median(ours, round -> round.result.p99Micros());
      return String.format(
          Locale.ROOT,
          "latency at full load p50 %s ms, p99 %s ms",
          Numbers.people(p50 / 1000),
          Numbers.people(p99 / 1000));
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

  Measured measure(Side ours, Side limit) throws Exception {
    var measured = new Measured(new ArrayList<>(), new ArrayList<>(), new Memory(0, 0));
    for (int i = -timing.warmUps(); i < timing.rounds(); i++) {
      var seconds = i < 0 ? timing.warmUpSeconds() : timing.seconds();
      var theirs = limit.run(i, seconds);
      var mine = ours.run(i, seconds);
      progress.say(
          String.format(
              Locale.ROOT,
              "%s %s: %s/s, bare %s/s",
              ours.what,
              i < 0 ? "warm-up" : "round " + (i + 1),
              Numbers.people(mine.result.perSecond()),
              Numbers.people(theirs.result.perSecond())));
      if (i >= 0) {
        measured.ours.add(mine);
        measured.limit.add(theirs);
      }
      measured = new Measured(measured.ours, measured.limit, measured.most.most(server.memory()));
    }
    return measured;
  }
}
