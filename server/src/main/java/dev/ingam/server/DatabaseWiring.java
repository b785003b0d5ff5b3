package dev.ingam.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.ingam.keys.Installation;
import dev.ingam.server.postgres.Database;
import dev.ingam.server.postgres.Durability;
import dev.ingam.server.start.Settings;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The database: ours or the operator's, asked whether its commits last.
@Configuration(proxyBeanMethods = false)
class DatabaseWiring {
  private static final int CONNECTIONS = 12;

  /// Without an answer for so long, the database is taken for gone: a host that fell silent must
  /// not hold a thread, least of all the one that renews the lease.
  private static final int SILENCE_SECONDS = 10;

  @Bean
  Database postgres(Settings settings, Installation installation, Clock clock) {
    return Database.open(
        settings.database(),
        installation,
        new SecureRandom(),
        clock,
        SpringApplication.getShutdownHandlers()::add);
  }

  /// Connections of the role that owns nothing. The tables are there once the lease is taken.
  @Bean
  HikariDataSource database(Database postgres) {
    var access = postgres.access();
    Durability.check(access.connecting(access.owner()));
    Durability.check(access.connecting(access.server()));
    var config = new HikariConfig();
    config.setPoolName("database");
    config.setJdbcUrl(access.url());
    config.setUsername(access.server().role());
    config.setPassword(access.server().password().value());
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(2);
    config.setConnectionTimeout(5_000);
    config.addDataSourceProperty("socketTimeout", Integer.toString(SILENCE_SECONDS));
    config.addDataSourceProperty("tcpKeepAlive", "true");
    // An error must not carry the values of a row into a log.
    config.addDataSourceProperty("logServerErrorDetail", "false");
    return new HikariDataSource(config);
  }
}
