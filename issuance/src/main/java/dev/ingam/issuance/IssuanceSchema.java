package dev.ingam.issuance;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/// The migrations of the schema `issuance`. The roles `ingam_owner` and `ingam_server` exist
/// before.
public final class IssuanceSchema {
  /// The schema's name.
  public static final String NAME = "issuance";

  private IssuanceSchema() {}

  /// Brings the schema up to date; nothing when it is.
  ///
  /// @param owner connects as the owner
  public static void migrate(DataSource owner) {
    Flyway.configure(IssuanceSchema.class.getClassLoader())
        .dataSource(owner)
        .schemas(NAME)
        .table("schema_history")
        .locations("classpath:db/issuance")
        .load()
        .migrate();
  }
}
