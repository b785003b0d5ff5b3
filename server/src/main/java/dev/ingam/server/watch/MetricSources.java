package dev.ingam.server.watch;

import com.zaxxer.hikari.HikariDataSource;
import dev.ingam.issuance.Issuance;
import dev.ingam.issuance.VerdictCounts;
import dev.ingam.keys.KeyView;
import dev.ingam.server.door.DoorCounts;
import dev.ingam.server.door.InFlight;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Where metrics come from. None of it waits for the database.
///
/// @param verdicts by the name of the door that gave them
/// @param keys as of the last tick
public record MetricSources(
    Issuance issuance,
    Map<String, VerdictCounts> verdicts,
    Supplier<List<KeyView>> keys,
    DoorCounts doors,
    InFlight inFlight,
    HikariDataSource database,
    StandingAlarms alarms,
    Clock clock) {
  public MetricSources {
    verdicts = Map.copyOf(verdicts);
  }
}
