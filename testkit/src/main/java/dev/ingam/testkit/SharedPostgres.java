package dev.ingam.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// The one PostgreSQL of this JVM: started at first use, gone with its data when the JVM ends (the
/// library's own exit hook). Static state, against the house rule: test classes that know nothing
/// of each other share it.
final class SharedPostgres {
  private static final int CONNECTIONS = 300;

  private final EmbeddedPostgres postgres;
  private final JdbcClient admin;
  // Guarded by this.
  private final Map<String, String> templates = new HashMap<>();
  private int made;

  private SharedPostgres() {
    try {
      postgres =
          EmbeddedPostgres.builder()
              .setServerConfig("max_connections", String.valueOf(CONNECTIONS))
              .setServerConfig("shared_buffers", "32MB")
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL for the tests did not start", e);
    }
    admin = JdbcClient.create(postgres.getPostgresDatabase());
    for (var role : new String[] {TestDatabase.OWNER, TestDatabase.SERVER}) {
      run("CREATE ROLE " + role + " LOGIN PASSWORD '" + role + "'");
    }
  }

  static SharedPostgres get() {
    return Holder.ONE;
  }

  /// Makes a database as a copy of this one and answers its address.
  synchronized String database(String template) {
    var name = "test_" + ++made;
    run("CREATE DATABASE " + name + " OWNER " + TestDatabase.OWNER + " TEMPLATE " + template);
    run("REVOKE ALL ON DATABASE " + name + " FROM PUBLIC");
    run("GRANT CONNECT ON DATABASE " + name + " TO " + TestDatabase.SERVER);
    return address(name);
  }

  /// The name of the database on which these migrations ran once.
  synchronized String template(String template, Consumer<DataSource> migrations) {
    return templates.computeIfAbsent(template, _ -> migrate(migrations));
  }

  private String migrate(Consumer<DataSource> migrations) {
    var name = "migrated_" + (templates.size() + 1);
    run("CREATE DATABASE " + name + " OWNER " + TestDatabase.OWNER);
    migrations.accept(
        new DriverManagerDataSource(address(name), TestDatabase.OWNER, TestDatabase.OWNER));
    return name;
  }

  private String address(String database) {
    return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + database;
  }

  /// Names are made here, never taken from outside.
  private void run(String sql) {
    admin.sql(sql).update();
  }

  private static final class Holder {
    static final SharedPostgres ONE = new SharedPostgres();
  }
}
