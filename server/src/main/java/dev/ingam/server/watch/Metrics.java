package dev.ingam.server.watch;

import dev.ingam.keys.Alarm;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The metrics of this server, as `docs/spec/metrics.md` lists them. Nothing is measured on a
/// request's way for their sake: the parts count for themselves, and a scrape reads their counters.
/// Everything is read from memory, so a scrape answers while the database does not. The registry is
/// made by the first scrape: a server that nobody scrapes pays nothing.
public final class Metrics implements AutoCloseable {
  /// One part of the server, bound to the registry.
  interface Part {
    void bind(MeterRegistry registry);

    /// Called before each scrape, one at a time.
    default void refresh() {}
  }

  private final List<Part> parts;
  // Guarded by this.
  private @Nullable PrometheusMeterRegistry registry;
  private @Nullable JvmGcMetrics collections;

  public Metrics(MetricSources sources) {
    parts =
        List.of(
            new TokenMetrics(sources),
            new KeyMetrics(sources.keys(), sources.clock()),
            new LedgerMetrics(sources.issuance().ledger()),
            new DoorMetrics(sources.doors(), sources.inFlight()),
            new DatabaseMetrics(sources.database()),
            new AlarmMetrics(sources.alarms()));
  }

  /// The text that Prometheus reads.
  public synchronized String scrape() {
    var open = registry;
    if (open == null) {
      open = bound();
      registry = open;
    }
    parts.forEach(Part::refresh);
    return open.scrape();
  }

  private PrometheusMeterRegistry bound() {
    var made = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    parts.forEach(part -> part.bind(made));
    new JvmMemoryMetrics().bindTo(made);
    new JvmThreadMetrics().bindTo(made);
    new ProcessorMetrics().bindTo(made);
    new UptimeMetrics().bindTo(made);
    new FileDescriptorMetrics().bindTo(made);
    var listening = new JvmGcMetrics();
    listening.bindTo(made);
    collections = listening;
    return made;
  }

  @Override
  public synchronized void close() {
    if (collections != null) {
      collections.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  /// How many alarms stand, by code.
  private static final class AlarmMetrics implements Part {
    private final StandingAlarms alarms;
    private @Nullable MultiGauge standing;

    AlarmMetrics(StandingAlarms alarms) {
      this.alarms = alarms;
    }

    @Override
    public void bind(MeterRegistry registry) {
      standing =
          MultiGauge.builder("ingam.alarms")
              .description("Alarms that stand; a code without any has no series")
              .register(registry);
    }

    @Override
    public void refresh() {
      var counts = new TreeMap<String, Integer>();
      alarms.list().stream().map(Alarm::code).forEach(code -> counts.merge(code, 1, Integer::sum));
      if (standing != null) {
        standing.register(
            counts.entrySet().stream()
                .<MultiGauge.Row<?>>map(
                    each -> MultiGauge.Row.of(Tags.of("code", each.getKey()), each.getValue()))
                .toList(),
            true);
      }
    }
  }
}
