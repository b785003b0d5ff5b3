package dev.ingam.server.watch;

import dev.ingam.keys.Alarm;
import java.util.List;
import java.util.function.Supplier;

/// Everything that needs a person now, from every part of the server. From memory: nobody waits for
/// the database to be told that it is away.
public final class StandingAlarms {
  private final List<Supplier<List<Alarm>>> sources;

  public StandingAlarms(List<Supplier<List<Alarm>>> sources) {
    this.sources = List.copyOf(sources);
  }

  public List<Alarm> list() {
    return sources.stream().map(Supplier::get).flatMap(List::stream).toList();
  }
}
