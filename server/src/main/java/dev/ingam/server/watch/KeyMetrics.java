package dev.ingam.server.watch;

import dev.ingam.keys.KeyView;
import dev.ingam.wire.KeyState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Signing keys, by set, purpose and state; no metric names a key.
final class KeyMetrics implements Metrics.Part {
  private final Supplier<List<KeyView>> keys;
  private final Clock clock;
  private @Nullable Gauges gauges;

  private record Gauges(MultiGauge count, MultiGauge age, MultiGauge rotated, MultiGauge ends) {}

  /// Keys that are told apart.
  private record Group(String set, String purpose, String state) {
    static Group of(KeyView key) {
      return new Group(key.set(), key.purpose().wireName(), key.state().wireName());
    }

    Tags tags() {
      return Tags.of("set", set, "purpose", purpose, "state", state);
    }
  }

  KeyMetrics(Supplier<List<KeyView>> keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  public void bind(MeterRegistry registry) {
    gauges =
        new Gauges(
            gauge(registry, "ingam.keys", null, "Signing keys"),
            gauge(registry, "ingam.key.age", "seconds", "Age of the oldest key"),
            gauge(
                registry,
                "ingam.rotation.last.success.timestamp",
                "seconds",
                "When the active key began to sign"),
            gauge(
                registry,
                "ingam.key.signs.until.timestamp",
                "seconds",
                "When the active key ends at the latest"));
  }

  private static MultiGauge gauge(
      MeterRegistry registry, String name, @Nullable String unit, String what) {
    return MultiGauge.builder(name).baseUnit(unit).description(what).register(registry);
  }

  @Override
  public void refresh() {
    var to = gauges;
    if (to == null) {
      return;
    }
    var counts = new HashMap<Group, Integer>();
    var ages = new HashMap<Group, Long>();
    var now = clock.instant();
    for (var key : keys.get()) {
      counts.merge(Group.of(key), 1, Integer::sum);
      ages.merge(Group.of(key), Duration.between(key.createdAt(), now).toSeconds(), Math::max);
    }
    to.count().register(rows(counts), true);
    to.age().register(rows(ages), true);
    to.rotated().register(moments(KeyView::activatedAt), true);
    to.ends().register(moments(KeyView::signsUntil), true);
  }

  private static List<Row<?>> rows(Map<Group, ? extends Number> numbers) {
    return numbers.entrySet().stream()
        .<Row<?>>map(each -> Row.of(each.getKey().tags(), each.getValue()))
        .toList();
  }

  /// What a moment of an active key is told by.
  private interface Moment {
    @Nullable Instant of(KeyView key);
  }

  private List<Row<?>> moments(Moment moment) {
    return keys.get().stream()
        .filter(key -> key.state() == KeyState.ACTIVE && moment.of(key) != null)
        .<Row<?>>map(key ->
            Row.of(
                Tags.of("set", key.set(), "purpose", key.purpose().wireName()),
                seconds(moment, key)))
        .toList();
  }

  private static long seconds(Moment moment, KeyView key) {
    var at = moment.of(key);
    return at == null ? 0 : at.getEpochSecond();
  }
}
