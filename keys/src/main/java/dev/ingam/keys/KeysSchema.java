package dev.ingam.keys;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/// The migrations of the schema `keys`. The roles `ingam_owner` and `ingam_server` exist before.
public final class KeysSchema {
  /// The schema's name.
  public static final String NAME = "keys";

  private KeysSchema() {}

  /// Brings the schema up to date; nothing when it is.
  ///
  /// @param owner connects as the owner
  public static void migrate(DataSource owner) {
    Flyway.configure(KeysSchema.class.getClassLoader())
        .dataSource(owner)
        .schemas(NAME)
        .table("schema_history")
        .locations("classpath:db/keys")
        .load()
        .migrate();
  }
}
