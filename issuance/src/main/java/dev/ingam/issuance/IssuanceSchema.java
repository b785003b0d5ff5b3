package dev.ingam.issuance;

import dev.ingam.keys.row.RoleName;
import dev.ingam.keys.row.SchemaMigration;
import javax.sql.DataSource;

/// The migrations of the schema `issuance`.
public final class IssuanceSchema {
  /// The schema's name.
  public static final String NAME = "issuance";

  private IssuanceSchema() {}

  /// Brings the schema up to date for the role `ingam_server`.
  ///
  /// @param owner connects as the owner
  public static void migrate(DataSource owner) {
    migrate(owner, RoleName.SERVER);
  }

  /// Brings the schema up to date; nothing when it is.
  ///
  /// @param owner connects as the owner
  /// @param server the role that works with the tables; it exists
  public static void migrate(DataSource owner, RoleName server) {
    SchemaMigration.run(IssuanceSchema.class, NAME, owner, server);
  }
}
