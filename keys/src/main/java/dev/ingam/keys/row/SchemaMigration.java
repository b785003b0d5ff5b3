package dev.ingam.keys.row;

import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

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
    Flyway.configure(home.getClassLoader())
        .dataSource(owner)
        .schemas(schema)
        .table("schema_history")
        .locations("classpath:db/" + schema)
        .placeholders(Map.of("server", server.value()))
        .load()
        .migrate();
  }
}
