package dev.ingam.testkit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// A database of its own on the one real PostgreSQL of this JVM, copied from a template that was
/// migrated once.
///
/// Two roles reach it, as in production: `ingam_owner` owns all and runs migrations, `ingam_server`
/// owns nothing. Use it as `@RegisterExtension static final TestDatabase DATABASE =
/// TestDatabase.migrated("keys", KeysSchema::migrate)`: it closes itself after the class. The
/// server goes away with the JVM.
public final class TestDatabase implements AfterAllCallback, AutoCloseable {
  /// The role that owns the tables.
  public static final String OWNER = "ingam_owner";

  /// The role that the server runs as.
  public static final String SERVER = "ingam_server";

  private static final int CONNECTIONS = 12;

  private final String url;
  private final DataSource owner;
  private final HikariDataSource server;

  private TestDatabase(String url) {
    this.url = url;
    this.owner = new DriverManagerDataSource(url, OWNER, OWNER);
    this.server = pool(url);
  }

  /// An empty database with both roles.
  public static TestDatabase empty() {
    return new TestDatabase(SharedPostgres.get().database("template1"));
  }

  /// A database on which these migrations have run.
  ///
  /// @param template a name for them, one per set of migrations: they run once a JVM, later
  ///   databases are copies
  /// @param migrations get a data source of the owner
  public static TestDatabase migrated(String template, Consumer<DataSource> migrations) {
    var postgres = SharedPostgres.get();
    return new TestDatabase(postgres.database(postgres.template(template, migrations)));
  }

  /// Connections as `ingam_owner`; a new one each time, none is kept open.
  public DataSource owner() {
    return owner;
  }

  /// A pool of connections as `ingam_server`.
  public DataSource server() {
    return server;
  }

  /// For what a database administrator could do: as the owner, outside any transaction of the code
  /// under test.
  public JdbcClient ownerClient() {
    return JdbcClient.create(owner);
  }

  /// Queries as `ingam_server`.
  public JdbcClient serverClient() {
    return JdbcClient.create(server);
  }

  /// The JDBC address without a user; both roles' passwords are their names.
  public String url() {
    return url;
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  /// Closes the pool; the database stays until the JVM ends.
  @Override
  public void close() {
    server.close();
  }

  private static HikariDataSource pool(String url) {
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(SERVER);
    config.setPassword(SERVER);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(0);
    return new HikariDataSource(config);
  }
}
