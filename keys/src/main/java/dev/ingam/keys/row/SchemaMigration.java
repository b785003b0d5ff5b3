package dev.ingam.keys.row;

import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The tables of one schema and who may do what with them, as the files in `db/<schema>` say: each
/// version once, and after that, at every start, the rights of the server's role
/// (`afterMigrate.sql`).
public final class SchemaMigration {
  private SchemaMigration() {}

  /// Brings the schema up to date.
  ///
  /// @param home of the files
  /// @param owner connects as the role that owns the tables
  /// @param server the role that works with them; it exists
  public static void run(Class<?> home, String schema, DataSource owner, RoleName server) {
    of(home, schema, owner, server).load().migrate();
  }

  /// Brings an empty schema to a version that was, as a backup wants it.
  ///
  /// @param version as [#version] said it then
  /// @throws org.flywaydb.core.api.FlywayException when this program has no such version
  public static void runTo(
      String version, Class<?> home, String schema, DataSource owner, RoleName server) {
    of(home, schema, owner, server).target(MigrationVersion.fromVersion(version)).load().migrate();
  }

  /// The version of a schema's tables.
  public static String version(JdbcClient owner, String schema) {
    return owner
        .sql(
            "SELECT version FROM "
                + schema
                + ".schema_history WHERE version IS NOT NULL AND success"
                + " ORDER BY installed_rank DESC LIMIT 1")
        .query(String.class)
        .single();
  }

  private static FluentConfiguration of(
      Class<?> home, String schema, DataSource owner, RoleName server) {
    return Flyway.configure(home.getClassLoader())
        .dataSource(owner)
        .schemas(schema)
        .table("schema_history")
        .locations("classpath:db/" + schema)
        .placeholders(Map.of("server", server.value()));
  }
}
