package dev.ingam.server.backup;

import dev.ingam.issuance.IssuanceSchema;
import dev.ingam.issuance.ledger.PostgresBookDirectory;
import dev.ingam.issuance.ledger.RestoredBooks;
import dev.ingam.keys.Installation;
import dev.ingam.keys.KeyRecovery;
import dev.ingam.keys.KeysSchema;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.SigningStores;
import dev.ingam.keys.archive.BackupKey;
import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.keys.disk.SecretFiles;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.RoleName;
import dev.ingam.keys.row.RowMac;
import dev.ingam.server.postgres.Database;
import dev.ingam.server.start.KeySettings;
import dev.ingam.server.start.KeyStores;
import dev.ingam.server.start.Settings;
import dev.ingam.server.start.StartFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/// Makes a data folder, and its database, of an archive. The whole archive is read once before
/// anything is written, and what is written counts only at the end: a restore that fails takes away
/// what it made, and one that is killed leaves a folder that no server starts on.
public final class Restore {
  private static final String ACTOR = "restore";

  private final Inspection inspection;
  private final Path archive;
  private final BackupKey key;
  private final Target target;
  private final SecretFiles files = new PosixFiles();

  /// Where to.
  ///
  /// @param dataDir empty, or not there yet
  /// @param secretsRoot holds the folder of secrets of the installation
  /// @param atExit is handed what must be stopped when this process ends
  public record Target(
      Path dataDir,
      Path secretsRoot,
      Settings.Database database,
      KeySettings keys,
      Clock clock,
      SecureRandom random,
      Consumer<Runnable> atExit) {
    /// The key stores of an installation that no server runs on.
    KeyStores stores(Installation installation) {
      return KeyStores.open(installation, keys, random, null, clock);
    }
  }

  private Restore(Inspection inspection, Path archive, BackupKey key, Target target) {
    this.inspection = inspection;
    this.archive = archive;
    this.key = key;
    this.target = target;
  }

  /// Restores.
  ///
  /// @return what was in the archive
  /// @throws dev.ingam.keys.archive.ArchiveException when the archive cannot be used
  /// @throws StartFailure or KeysException that say what is not as it must be
  public static Inspection run(Path archive, BackupKey key, Target target) throws IOException {
    var inspection = Inspection.of(archive, key);
    var restore = new Restore(inspection, archive, key, target);
    restore.requireRoom();
    restore.run();
    return inspection;
  }

  private void requireRoom() throws IOException {
    var data = target.dataDir();
    if (Files.exists(data) && !isEmpty(data)) {
      throw new StartFailure(
          "an empty folder to restore into", data + ", which is not", "name another one");
    }
    var secrets = target.secretsRoot().resolve(inspection.header().installation());
    if (!Files.exists(secrets.resolve("sealing.master"))) {
      throw new StartFailure(
          "the secrets of this installation, with sealing.master, in " + secrets,
          "no such file",
          "bring the copy of that folder that was kept apart (0700), or name its parent with --secrets-dir");
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (var content = Files.list(folder)) {
      return content.findAny().isEmpty();
    }
  }

  private void run() throws IOException {
    boolean there = Files.exists(target.dataDir());
    try {
      fill();
    } catch (IOException | RuntimeException e) {
      try {
        clear(target.dataDir(), there);
      } catch (IOException more) {
        e.addSuppressed(more);
      }
      throw e;
    }
  }

  private void fill() throws IOException {
    var installation =
        Installation.openRestoring(
            target.dataDir(),
            target.secretsRoot(),
            inspection.manifest().installationFile(),
            target.clock());
    try (installation) {
      unpack(installation.dataDir());
      fill(installation);
      installation.openEpoch(target.random());
      installation.restored();
    }
  }

  private void fill(Installation installation) throws IOException {
    try (var stores = target.stores(installation)) {
      Database.forget(installation);
      try (var database =
          Database.open(
              target.database(), installation, target.random(), target.clock(), target.atExit())) {
        fill(database, installation, stores.signing(), stores.sealingKeys());
      }
    }
  }

  private void unpack(Path data) throws IOException {
    files.makeFolder(data.resolve("keys"));
    files.makeFolder(data.resolve("ledger"));
    try (var input = Inspection.open(archive, key)) {
      var sections = new SectionInput(input);
      for (var section = sections.next(); section != null; section = sections.next()) {
        if (section instanceof Section.DataFile file) {
          RestoredFile.write(data.resolve(file.path()), file.size(), sections.content());
        } else {
          sections.content().transferTo(OutputStream.nullOutputStream());
        }
      }
    }
  }

  private void fill(
      Database database, Installation installation, SigningStores stores, SealingKeys sealing)
      throws IOException {
    var access = database.access();
    var owner = access.connecting(access.owner());
    requireEmpty(owner);
    try {
      load(owner, new RoleName(access.server().role()));
      var server = access.connecting(access.server());
      var keys = new KeyRecovery(server, sealing, target.clock());
      keys.requireOurs();
      var memory = Memories.of(server, installation, sealing, target.clock());
      new Recovery(server, sealing, memory, target.clock()).apply(false, installation.epoch() + 1);
      keys.withoutPrivateHalves(stores);
      takeUpBooks(server, installation, sealing);
      tell(server, installation);
      memory.adopt();
    } catch (SQLException | DataAccessException | TransactionException | FlywayException e) {
      empty(owner, e);
      throw new StartFailure(
          "a database that takes the tables of this archive",
          String.valueOf(e.getMessage()),
          "if they are of a later version, restore with that Ingam; else see the database's log",
          e);
    } catch (IOException | RuntimeException e) {
      empty(owner, e);
      throw e;
    }
  }

  private static void requireEmpty(DataSource owner) {
    var there =
        JdbcClient.create(owner)
            .sql("select count(*) from pg_namespace where nspname in (:names)")
            .param("names", List.of(KeysSchema.NAME, IssuanceSchema.NAME))
            .query(Long.class)
            .single();
    if (there > 0) {
      throw new StartFailure(
          "an empty database to restore into",
          "one with tables of Ingam",
          "name another one with ingam.database.url, or drop its schemas keys and issuance");
    }
  }

  /// The database of an operator is left as it was; our own goes with the folder.
  private static void empty(DataSource owner, Exception cause) {
    try {
      JdbcClient.create(owner).sql("drop schema if exists keys, issuance cascade").update();
    } catch (DataAccessException e) {
      cause.addSuppressed(e);
    }
  }

  private void load(DataSource owner, RoleName server) throws IOException, SQLException {
    var manifest = inspection.manifest();
    KeysSchema.migrateTo(manifest.keysVersion(), owner, server);
    IssuanceSchema.migrateTo(manifest.issuanceVersion(), owner, server);
    try (var connection = owner.getConnection()) {
      connection.setAutoCommit(false);
      load(connection);
      connection.commit();
    }
    KeysSchema.migrate(owner, server);
    IssuanceSchema.migrate(owner, server);
  }

  private void load(Connection connection) throws IOException, SQLException {
    var copies = new TableCopies(connection);
    try (var input = Inspection.open(archive, key)) {
      var sections = new SectionInput(input);
      for (var section = sections.next(); section != null; section = sections.next()) {
        if (section instanceof Section.Rows rows) {
          copies.read(rows, sections.content());
        } else {
          sections.content().transferTo(OutputStream.nullOutputStream());
        }
      }
    }
    copies.continueNumbers();
  }

  private void takeUpBooks(DataSource server, Installation installation, SealingKeys sealing)
      throws IOException {
    var database = JdbcClient.create(server);
    var directory =
        new PostgresBookDirectory(
            new TransactionTemplate(new JdbcTransactionManager(server)),
            database,
            new EventTable(database, IssuanceSchema.NAME, target.clock()),
            new RowMac(sealing));
    RestoredBooks.takeUp(
        installation.secretsDir().resolve("ledger-position.json"), directory, installation.id());
  }

  /// One event in each schema: whoever reads them later sees where history was cut.
  private void tell(DataSource server, Installation installation) {
    var database = JdbcClient.create(server);
    var body =
        Map.of(
            "backup_made_at",
            inspection.header().created().toString(),
            "epoch",
            Integer.toString(installation.epoch() + 1));
    new TransactionTemplate(new JdbcTransactionManager(server))
        .executeWithoutResult(_ -> {
          for (var schema : List.of(KeysSchema.NAME, IssuanceSchema.NAME)) {
            new EventTable(database, schema, target.clock()).append("restored", ACTOR, body);
          }
        });
  }

  private static void clear(Path data, boolean keepFolder) throws IOException {
    if (!Files.exists(data)) {
      return;
    }
    try (var content = Files.walk(data)) {
      for (var each : content.sorted(Comparator.reverseOrder()).toList()) {
        if (!keepFolder || !each.equals(data)) {
          Files.deleteIfExists(each);
        }
      }
    }
  }
}
