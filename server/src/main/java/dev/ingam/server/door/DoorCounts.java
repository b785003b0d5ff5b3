package dev.ingam.server.door;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/// Counts how requests ended, by the door where they came in. What Jetty refuses by itself, as a
/// request that is no HTTP, comes to no door.
public final class DoorCounts {
  /// The name of all paths where no door stands.
  public static final String NOWHERE = "none";

  private final Map<ListenerName, Map<String, Map<Outcome, LongAdder>>> counts =
      new EnumMap<>(ListenerName.class);

  /// How a request ended.
  public enum Outcome {
    SERVED,
    /// The request was wrong, or not allowed.
    REFUSED,
    /// Too much of it, or it cannot be answered now: 429 and 503.
    LIMITED,
    /// Our fault.
    FAILED;

    static Outcome of(int status) {
      if (status < 400) {
        return SERVED;
      }
      if (status == 429 || status == 503) {
        return LIMITED;
      }
      return status < 500 ? REFUSED : FAILED;
    }
  }

  DoorCounts(DoorTable table) {
    for (var listener : ListenerName.values()) {
      var doors = new HashMap<String, Map<Outcome, LongAdder>>();
      table.paths(listener).forEach(path -> doors.put(path, adders()));
      doors.put(NOWHERE, adders());
      counts.put(listener, doors);
    }
  }

  private static Map<Outcome, LongAdder> adders() {
    var adders = new EnumMap<Outcome, LongAdder>(Outcome.class);
    for (var outcome : Outcome.values()) {
      adders.put(outcome, new LongAdder());
    }
    return adders;
  }

  void count(ListenerName listener, String door, int status) {
    adder(listener, door, Outcome.of(status)).increment();
  }

  /// The doors of a listener, and [#NOWHERE].
  public Set<String> doors(ListenerName listener) {
    return Set.copyOf(Objects.requireNonNull(counts.get(listener)).keySet());
  }

  /// Requests since the start.
  public long of(ListenerName listener, String door, Outcome outcome) {
    return adder(listener, door, outcome).sum();
  }

  private LongAdder adder(ListenerName listener, String door, Outcome outcome) {
    var adders = Objects.requireNonNull(counts.get(listener)).get(door);
    return Objects.requireNonNull(Objects.requireNonNull(adders, door).get(outcome));
  }
}
