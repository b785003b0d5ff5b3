package dev.ingam.server;

import dev.ingam.issuance.IssuanceSchema;
import dev.ingam.issuance.NodeLease;
import dev.ingam.keys.KeysSchema;
import dev.ingam.keys.row.RoleName;
import dev.ingam.server.postgres.DatabaseAccess;
import dev.ingam.server.start.StartFailure;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/// Brings the tables up to date, as the role that owns them, and takes the lease. Whoever starts
/// waits for his turn, looks whether the database is his and another node serves it, and only then
/// changes it: a newer version that is refused must not have migrated what the older one works
/// with.
///
/// The turn is an advisory lock of a transaction that stays open meanwhile, on a connection of its
/// own: it needs no table, and ends with its holder.
final class Migrations {
  private static final long LOCK = 0x696e67616d03L;
  private static final String PATIENCE = "60s";

  private Migrations() {}

  /// What is asked of the database before it is changed; throws when it is not so.
  @FunctionalInterface
  interface Condition {
    void require(DataSource owner);
  }

  /// @param condition for going on
  /// @param lease takes the lease of this node
  static NodeLease run(DatabaseAccess access, Condition condition, Supplier<NodeLease> lease) {
    var owner = access.connecting(access.owner());
    var database = JdbcClient.create(owner);
    var turn = new TransactionTemplate(new JdbcTransactionManager(owner));
    try {
      return turn.execute(_ -> {
        await(database);
        condition.require(owner);
        migrate(owner, new RoleName(access.server().role()));
        return lease.get();
      });
    } catch (DataAccessException | TransactionException e) {
      throw new StartFailure(
          "a database that can be migrated, by one server at a time",
          String.valueOf(e.getMessage()),
          "see that no other server is just starting on it, and that owner-username owns its tables",
          e);
    }
  }

  private static void await(JdbcClient database) {
    database.sql("SET LOCAL lock_timeout = '" + PATIENCE + "'").update();
    database.sql("SELECT pg_advisory_xact_lock(?)").param(LOCK).query(row -> {});
  }

  private static void migrate(DataSource owner, RoleName server) {
    try {
      KeysSchema.migrate(owner, server);
      IssuanceSchema.migrate(owner, server);
    } catch (FlywayException e) {
      throw new StartFailure(
          "tables of this version, or older ones that can be migrated",
          String.valueOf(e.getMessage()),
          "start the Ingam that last used this database, or restore its backup",
          e);
    }
  }
}
