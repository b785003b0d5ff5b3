package dev.ingam.bench;

import dev.ingam.issuance.ledger.LedgerOptions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The ledger as served, with one thread and digests given, beside bare slots in files of the same
/// size on the same disk.
final class LedgerBench implements Bench {
  private static final double WANTED_PAIRS = 4_000_000;
  private static final double WANTED_PAIRS_SYNCED = 1_000_000;
  private static final double WANTED_OF_SMALL = 0.7;
  private static final double WANTED_ENTRY_BYTES = 32;
  private static final double WANTED_HEAP_BYTES = 0.1;
  private static final int WARM_UP_TOKENS = 1_000_000;
  private static final int WARM_UPS = 2;
  private static final String NODE = "bench";

  private final Clock clock;

  LedgerBench(Clock clock) {
    this.clock = clock;
  }

  /// How the ledger is run.
  private enum Mode {
    ALONE("", "without sync and journal", "bare slots", WANTED_PAIRS),
    SYNCED(
        ".synced",
        "with sync and journal",
        "bare slots with a ranged sync each 100 ms, no journal",
        WANTED_PAIRS_SYNCED);

    private final String suffix;
    private final String words;
    private final String limit;
    private final double wanted;

    Mode(String suffix, String words, String limit, double wanted) {
      this.suffix = suffix;
      this.words = words;
      this.limit = limit;
      this.wanted = wanted;
    }

    LedgerOptions options() {
      var options = LedgerOptions.of(NODE, "bench-boot");
      return this == SYNCED ? options : options.withoutSyncAndJournal();
    }
  }

  @Override
  public String method(Setting setting) {
    return "one thread; all tokens entered, shuffled, then half redeemed one by one and half in batches;"
        + " warm-up "
        + WARM_UPS
        + " rounds of "
        + Numbers.people(WARM_UP_TOKENS)
        + " a side and mode, then medians of "
        + rounds(setting)
        + " interleaved rounds, each in new files";
  }

  private static int rounds(Setting setting) {
    return setting.quick() ? 1 : 5;
  }

  @Override
  public void expectTools() {
    // needs nothing but this JVM
  }

  @Override
  public List<Figure> run(Setting setting) throws Exception {
    var figures = new ArrayList<Figure>();
    for (var mode : Mode.values()) {
      setting.progress().say("ledger: warming up " + mode.words);
      measure(setting, mode, List.of(WARM_UP_TOKENS), WARM_UPS);
      var measured = measure(setting, mode, setting.live(), rounds(setting));
      measured.forEach(each -> figures.addAll(figures(mode, each)));
      if (mode == Mode.ALONE && measured.size() > 1) {
        figures.add(growth(measured.getFirst(), measured.getLast()));
      }
    }
    return figures;
  }

  /// Both sides of all rounds with so many live tokens, in the order in which they ran.
  private record Measured(Population population, List<LedgerRound> ours, List<Double> limit) {
    int live() {
      return population.size();
    }

    double pairs() {
      return median(LedgerRound.Value.PAIRS);
    }

    double median(LedgerRound.Value value) {
      return Numbers.median(ours.stream().mapToDouble(value::of).toArray());
    }

    double limitMedian() {
      return Numbers.median(limit.stream().mapToDouble(Double::doubleValue).toArray());
    }
  }

  /// All sizes in each round, so that what the machine does meanwhile falls on all of them.
  private List<Measured> measure(Setting setting, Mode mode, List<Integer> live, int rounds)
      throws Exception {
    var now = clock.instant().getEpochSecond();
    var measured =
        live.stream()
            .map(each ->
                new Measured(new Population(each, now), new ArrayList<>(), new ArrayList<>()))
            .toList();
    for (int i = 0; i < rounds; i++) {
      for (var each : measured) {
        setting
            .progress()
            .say(
                String.format(
                    Locale.ROOT,
                    "ledger: round %d, %,d live tokens %s",
                    i + 1,
                    each.live(),
                    mode.words));
        round(setting, mode, each);
      }
    }
    return measured;
  }

  private void round(Setting setting, Mode mode, Measured measured) throws Exception {
    try (var folder = RunFolder.make(setting.folder(), "bare")) {
      var synced = mode == Mode.SYNCED;
      measured.limit.add(BareRound.pairs(folder.path(), measured.live(), synced));
    }
    try (var folder = RunFolder.make(setting.folder(), "ledger")) {
      measured.ours.add(LedgerRound.run(folder.path(), mode.options(), measured.population, clock));
    }
  }

  private static List<Figure> figures(Mode mode, Measured measured) {
    var name = "ledger." + label(measured.live());
    var figures = new ArrayList<Figure>();
    figures.add(
        pairs(mode, name + ".pairs" + mode.suffix, measured)
            .against(mode.limit, measured.limitMedian())
            .toReach(new Target.AtLeast(mode.wanted)));
    figures.add(
        Figure.plain(
                name + ".pairs.single" + mode.suffix,
                "pairs/s",
                measured.median(LedgerRound.Value.PAIRS_SINGLY),
                "redeemed one by one, as the gate does, "
                    + people(measured, LedgerRound.Value.REDEEMS_SINGLY)
                    + "/s")
            .against(mode.limit, measured.limitMedian())
            .toReach(new Target.AtLeast(mode.wanted)));
    figures.addAll(mode == Mode.ALONE ? size(name, measured) : List.of(lag(name, measured)));
    figures.add(
        Figure.plain(
            name + ".garbage" + mode.suffix,
            "bytes/pair",
            measured.median(LedgerRound.Value.GARBAGE_BYTES),
            "allocated by the measured thread, the bench's own objects included"));
    return figures;
  }

  private static Figure pairs(Mode mode, String name, Measured measured) {
    return Figure.plain(
        name,
        "pairs/s",
        measured.pairs(),
        String.format(
            Locale.ROOT,
            "%s; entered %s/s, redeemed in batches of %d as the ledger's door does, %s/s",
            mode.words,
            people(measured, LedgerRound.Value.ENTERS),
            Population.BATCH,
            people(measured, LedgerRound.Value.REDEEMS)));
  }

  private static String people(Measured measured, LedgerRound.Value value) {
    return Numbers.people(measured.median(value));
  }

  private static List<Figure> size(String name, Measured measured) {
    return List.of(
        Figure.plain(
                name + ".heap",
                "bytes/token",
                measured.median(LedgerRound.Value.HEAP_BYTES),
                "of live objects, more while all tokens live than before the ledger was opened")
            .toReach(new Target.AtMost(WANTED_HEAP_BYTES)),
        Figure.plain(
                name + ".entry",
                "bytes/token",
                measured.median(LedgerRound.Value.ENTRY_BYTES),
                "of the book's file without its header, which 2^20 share")
            .toReach(new Target.AtMost(WANTED_ENTRY_BYTES)));
  }

  private static Figure lag(String name, Measured measured) {
    return Figure.plain(
        name + ".lag",
        "s",
        measured.median(LedgerRound.Value.LAG_SECONDS),
        "from the last redemption until the disk holds every entry and journal row");
  }

  /// The rate at the most live tokens, as a share of that at the fewest.
  private static Figure growth(Measured fewest, Measured most) {
    var beside = "the rate at " + Numbers.people(fewest.live()) + " live tokens";
    return Figure.plain("ledger.growth", "pairs/s", most.pairs(), "")
        .against(beside, fewest.pairs())
        .toReach(new Target.ShareOfLimit(WANTED_OF_SMALL));
  }

  private static String label(int live) {
    return live % 1_000_000 == 0 ? live / 1_000_000 + "m" : Integer.toString(live);
  }
}
