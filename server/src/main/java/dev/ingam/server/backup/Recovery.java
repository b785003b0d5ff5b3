package dev.ingam.server.backup;

import dev.ingam.issuance.IssuanceSchema;
import dev.ingam.issuance.LedgerRecovery;
import dev.ingam.issuance.NodeLease;
import dev.ingam.keys.Installation;
import dev.ingam.keys.KeyRecovery;
import dev.ingam.keys.KeysSchema;
import dev.ingam.keys.NodeMemory;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.RoleName;
import dev.ingam.keys.row.RowChange;
import dev.ingam.server.postgres.Database;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Lets an older database know again what this node remembers: keys and domains in the state under
/// which less is honoured, books, watermarks. One transaction; then a new epoch. Done twice it does
/// nothing the second time; broken off it is done again.
public final class Recovery {
  private final DataSource server;
  private final KeyRecovery keys;
  private final LedgerRecovery ledger;
  private final NodeMemory memory;
  private final Clock clock;

  Recovery(DataSource server, SealingKeys sealing, NodeMemory memory, Clock clock) {
    this.server = server;
    this.keys = new KeyRecovery(server, sealing, clock);
    this.ledger = new LedgerRecovery(server, sealing, memory, clock);
    this.memory = memory;
    this.clock = clock;
  }

  /// What was found, and done unless it was a dry run.
  ///
  /// @param behind whether the database is older than what is remembered; nothing is done when not
  /// @param sessionsEnded live ones, by the watermarks
  public record Report(boolean behind, List<String> changes, long sessionsEnded) {
    public Report {
      changes = List.copyOf(changes);
    }
  }

  /// Recovers the database of an installation that no server runs on.
  public static Report run(Restore.Target target, boolean dryRun) {
    try (var installation =
            Installation.open(target.dataDir(), target.secretsRoot(), target.clock());
        var stores = target.stores(installation);
        var database =
            Database.open(
                target.database(),
                installation,
                target.random(),
                target.clock(),
                target.atExit())) {
      var access = database.access();
      var owner = access.connecting(access.owner());
      var sealing = stores.sealingKeys();
      NodeLease.requireUnserved(JdbcClient.create(owner), installation.id());
      KeysSchema.requireOurs(owner, sealing, stores.signing());
      KeysSchema.migrate(owner, new RoleName(access.server().role()));
      IssuanceSchema.migrate(owner, new RoleName(access.server().role()));
      var server = access.connecting(access.server());
      var memory = Memories.of(server, installation, sealing, target.clock());
      memory.keep();
      return memory.isBehind()
          ? new Recovery(server, sealing, memory, target.clock()).run(installation, target, dryRun)
          : new Report(false, List.of(), 0);
    }
  }

  private Report run(Installation installation, Restore.Target target, boolean dryRun) {
    var ended = ledger.sessionsEnded();
    var changes = dryRun ? changes(true) : apply(true, installation.epoch() + 1);
    if (!dryRun) {
      installation.openEpoch(target.random());
      memory.adopt();
    }
    return new Report(true, changes.stream().map(RowChange::toString).toList(), ended);
  }

  private List<RowChange> changes(boolean withBooks) {
    var changes = new ArrayList<>(keys.changes(memory));
    if (withBooks) {
      changes.addAll(ledger.books());
    }
    changes.addAll(ledger.watermarks());
    return changes;
  }

  /// Writes all that must be written, with an event in each schema, and ends the signing of all
  /// keys.
  ///
  /// @param withBooks false when the files of books are gone with the rows
  List<RowChange> apply(boolean withBooks, int epoch) {
    var database = JdbcClient.create(server);
    var done = new ArrayList<RowChange>();
    new TransactionTemplate(new JdbcTransactionManager(server))
        .executeWithoutResult(_ -> {
          done.addAll(changes(withBooks));
          for (var change : done) {
            if (change.table().table().startsWith(KeysSchema.NAME + ".")) {
              keys.write(change);
            } else {
              ledger.write(change);
            }
          }
          keys.endSigning();
          var body = Map.of("changes", String.valueOf(done.size()), "epoch", String.valueOf(epoch));
          for (var schema : List.of(KeysSchema.NAME, IssuanceSchema.NAME)) {
            new EventTable(database, schema, clock).append("recovered", "recover", body);
          }
        });
    return done;
  }
}
