package dev.ingam.drill;

import dev.ingam.drill.web.DrillException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One trouble after another, in an order and at times that a seed tells, each awaited until the
/// server serves everything again. Who asks meanwhile may be put off; who asks in between may not.
final class SoakTroubles {
  private static final int CALM_MIN_MILLIS = 5_000;
  private static final int CALM_MAX_MILLIS = 20_000;
  private static final int HEALTH_EVERY_MILLIS = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final List<Trouble> TROUBLES = List.of(Trouble.values());

  private final SoakHost host;
  private final Random random;
  private final BooleanSupplier healthy;
  private final Consumer<String> progress;

  /// The running thread's, handed over with its end.
  private final Map<String, Integer> befallen = new HashMap<>();

  /// Written by the running thread.
  private volatile State state = new State(null, System.nanoTime());

  /// @param now null in between
  /// @param over end of the last, by the monotonic clock
  private record State(@Nullable Trouble now, long over) {}

  /// @param healthy asks whether everything is served
  SoakTroubles(SoakHost host, long seed, BooleanSupplier healthy, Consumer<String> progress) {
    this.host = host;
    this.random = new Random(seed);
    this.healthy = healthy;
    this.progress = progress;
  }

  /// Goes on for so long, the end of the last trouble awaited.
  ///
  /// @throws DrillException when the server does not serve again
  void run(Duration time) {
    var from = System.nanoTime();
    while (System.nanoTime() - from < time.toNanos()) {
      IngamServer.pause(random.nextInt(CALM_MIN_MILLIS, CALM_MAX_MILLIS));
      befall(TROUBLES.get(random.nextInt(TROUBLES.size())));
    }
  }

  private void befall(Trouble trouble) {
    var from = System.nanoTime();
    state = new State(trouble, from);
    trouble.befall(host, random);
    awaitHealth(trouble);
    befallen.merge(trouble.name().toLowerCase(Locale.ROOT), 1, Integer::sum);
    var over = System.nanoTime();
    state = new State(null, over);
    progress.accept(trouble + ", over after " + Duration.ofNanos(over - from).toMillis() + " ms");
  }

  private void awaitHealth(Trouble trouble) {
    var from = System.nanoTime();
    while (!healthy.getAsBoolean()) {
      if (System.nanoTime() - from > PATIENCE.toNanos()) {
        throw new DrillException(
            "after "
                + trouble
                + " not everything was served within "
                + PATIENCE.toMinutes()
                + " min");
      }
      IngamServer.pause(HEALTH_EVERY_MILLIS);
    }
  }

  /// Whether anything was the matter while a request was under way that began then.
  boolean excuse(long begunNanos) {
    var seen = state;
    return seen.now() != null || seen.over() - begunNanos > 0;
  }

  /// How often each befell, by its name in lower case. After `run`.
  Map<String, Integer> befallen() {
    return Map.copyOf(befallen);
  }
}
