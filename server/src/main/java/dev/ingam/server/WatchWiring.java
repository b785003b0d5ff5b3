package dev.ingam.server;

import com.zaxxer.hikari.HikariDataSource;
import dev.ingam.issuance.Issuance;
import dev.ingam.issuance.VerdictCounts;
import dev.ingam.keys.Alarm;
import dev.ingam.keys.KeyLifecycle;
import dev.ingam.keys.NodeMemory;
import dev.ingam.server.door.DoorHandler;
import dev.ingam.server.door.InFlight;
import dev.ingam.server.gate.GateDoor;
import dev.ingam.server.postgres.Database;
import dev.ingam.server.start.CryptoProvider;
import dev.ingam.server.tls.Tls;
import dev.ingam.server.token.IntrospectionDoor;
import dev.ingam.server.watch.MetricSources;
import dev.ingam.server.watch.Metrics;
import dev.ingam.server.watch.StandingAlarms;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What is shown of the server: alarms and metrics.
@Configuration(proxyBeanMethods = false)
class WatchWiring {
  @Bean
  StandingAlarms standingAlarms(
      KeyLifecycle lifecycle,
      Issuance issuance,
      CryptoProvider crypto,
      Database database,
      NodeMemory memory,
      Tls tls) {
    return new StandingAlarms(
        List.of(
            lifecycle::alarms,
            issuance::alarms,
            () -> alarms(crypto),
            database::alarms,
            memory::alarms,
            tls::alarms));
  }

  private static List<Alarm> alarms(CryptoProvider crypto) {
    return crypto.alarm() == null ? List.of() : List.of(crypto.alarm());
  }

  /// What each door said of tokens.
  record Verdicts(Map<String, VerdictCounts> byDoor) {}

  @Bean
  Verdicts verdicts(Issuance issuance, GateDoor gate, IntrospectionDoor introspection) {
    var queries = issuance.ledgerQueries();
    return new Verdicts(
        Map.of(
            "gate", gate.verdicts(),
            "introspection", introspection.verdicts(),
            "ledger_lookup", queries.lookups(),
            "ledger_redeem", queries.redemptions(),
            "ledger_report", queries.reports()));
  }

  /// What came in, how it ended, and whom it waits for.
  record Traffic(DoorHandler doors, InFlight inFlight, HikariDataSource database, Clock clock) {}

  @Bean
  Traffic traffic(DoorHandler doors, InFlight inFlight, HikariDataSource database, Clock clock) {
    return new Traffic(doors, inFlight, database, clock);
  }

  @Bean
  Metrics metrics(
      Issuance issuance,
      Verdicts verdicts,
      KeyLifecycle lifecycle,
      Traffic traffic,
      StandingAlarms alarms) {
    return new Metrics(
        new MetricSources(
            issuance,
            verdicts.byDoor(),
            lifecycle::lastSeen,
            traffic.doors().counts(),
            traffic.inFlight(),
            traffic.database(),
            alarms,
            traffic.clock()));
  }
}
