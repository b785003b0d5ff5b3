package dev.ingam.server.watch;

import dev.ingam.server.door.DoorCounts;
import dev.ingam.server.door.DoorCounts.Outcome;
import dev.ingam.server.door.InFlight;
import dev.ingam.server.door.ListenerName;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/// Requests at the doors. The label `door` is a path of the table of doors, never of a request.
final class DoorMetrics implements Metrics.Part {
  private final DoorCounts doors;
  private final InFlight inFlight;

  DoorMetrics(DoorCounts doors, InFlight inFlight) {
    this.doors = doors;
    this.inFlight = inFlight;
  }

  @Override
  public void bind(MeterRegistry registry) {
    for (var listener : ListenerName.values()) {
      if (listener != ListenerName.ADMIN) {
        doors.doors(listener).forEach(door -> bind(registry, listener, door));
      }
    }
    Gauge.builder("ingam.requests.in.flight", inFlight, InFlight::count)
        .description("Requests that wait for their answer, of all listeners")
        .register(registry);
  }

  private void bind(MeterRegistry registry, ListenerName listener, String door) {
    for (var outcome : Outcome.values()) {
      FunctionCounter.builder("ingam.requests", doors, each -> each.of(listener, door, outcome))
          .description("Requests answered")
          .tags(
              "listener",
              listener.connector(),
              "door",
              door,
              "outcome",
              outcome.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }
}
