package dev.ingam.server;

import dev.ingam.issuance.IssuanceSchema;
import dev.ingam.keys.KeysSchema;
import dev.ingam.server.postgres.DatabaseAccess;
import dev.ingam.server.postgres.Durability;
import dev.ingam.server.start.StartFailure;
import org.flywaydb.core.api.FlywayException;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Brings the tables up to date, as the role that owns them.
final class Migrations {
  private Migrations() {}

  static void run(DatabaseAccess access) {
    var owner =
        new DriverManagerDataSource(
            access.url(), access.owner().role(), access.owner().password().value());
    Durability.check(owner);
    try {
      KeysSchema.migrate(owner);
      IssuanceSchema.migrate(owner);
    } catch (FlywayException e) {
      throw new StartFailure(
          "tables of this version, or older ones that can be migrated",
          String.valueOf(e.getMessage()),
          "start the Ingam that last used this database, or restore its backup",
          e);
    }
  }
}
