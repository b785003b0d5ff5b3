package dev.ingam.server.watch;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToIntFunction;

/// The pool of connections to PostgreSQL.
final class DatabaseMetrics implements Metrics.Part {
  private final HikariDataSource database;

  DatabaseMetrics(HikariDataSource database) {
    this.database = database;
  }

  @Override
  public void bind(MeterRegistry registry) {
    connections(registry, "active", HikariPoolMXBean::getActiveConnections);
    connections(registry, "idle", HikariPoolMXBean::getIdleConnections);
    Gauge.builder(
            "ingam.database.waiting",
            database,
            each -> number(each, HikariPoolMXBean::getThreadsAwaitingConnection))
        .description("Threads that wait for a connection")
        .register(registry);
  }

  private void connections(
      MeterRegistry registry, String state, ToIntFunction<HikariPoolMXBean> number) {
    Gauge.builder("ingam.database.connections", database, each -> number(each, number))
        .description("Connections to PostgreSQL; none while it is away")
        .tag("state", state)
        .register(registry);
  }

  /// The pool is made by the first connection.
  private static int number(HikariDataSource database, ToIntFunction<HikariPoolMXBean> number) {
    var pool = database.getHikariPoolMXBean();
    return pool == null ? 0 : number.applyAsInt(pool);
  }
}
