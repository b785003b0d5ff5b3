package dev.ingam.server.backup;

import dev.ingam.issuance.IssuanceSchema;
import dev.ingam.issuance.ledger.BookCopy;
import dev.ingam.issuance.ledger.Ledger;
import dev.ingam.keys.Installation;
import dev.ingam.keys.KeysSchema;
import dev.ingam.keys.archive.ArchiveOutput;
import dev.ingam.keys.archive.BackupKey;
import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.keys.row.SchemaMigration;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// Writes a backup of the running installation: the tables as of one moment, and of each book that
/// they name what was settled when its turn came. No master key and no private half is in it.
///
/// Tokens are issued and redeemed meanwhile; nobody waits. The order is what makes it consistent: a
/// book in the archive has its row there, and what was entered behind the moment of the tables is
/// at worst unknown, never unknown to have been lost.
public final class Backup {
  /// Slow enough to leave core, disk and network to the tokens; 5 GB take five minutes.
  private static final long BYTES_PER_SECOND = 16L << 20;

  private final DataSource owner;
  private final Installation installation;
  private final Ledger ledger;
  private final Clock clock;
  private final LongSupplier nanos;
  private final SecureRandom random;
  private final ReentrantLock running = new ReentrantLock();

  /// @param owner connects as the role that owns the tables, each time anew
  /// @param nanos a monotonic clock
  public Backup(
      DataSource owner,
      Installation installation,
      Ledger ledger,
      Clock clock,
      LongSupplier nanos,
      SecureRandom random) {
    this.owner = owner;
    this.installation = installation;
    this.ledger = ledger;
    this.clock = clock;
    this.nanos = nanos;
    this.random = random;
  }

  /// Where an archive goes; opened when the database has answered.
  public interface Destination {
    OutputStream open() throws IOException;
  }

  /// Writes one archive; false, and nothing is written, while another is being written.
  ///
  /// @throws IOException when disk, database or destination fail: what was written is no archive
  public boolean write(Destination destination) throws IOException {
    if (!running.tryLock()) {
      return false;
    }
    try (var connection = owner.getConnection()) {
      var key = BackupKey.read(BackupKey.file(installation.secretsDir()), new PosixFiles());
      snapshot(connection);
      write(connection, key, destination);
      return true;
    } catch (SQLException e) {
      throw new IOException("expected the database to answer for the backup, it did not", e);
    } finally {
      running.unlock();
    }
  }

  private static void snapshot(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    connection.setReadOnly(true);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
  }

  private void write(Connection connection, BackupKey key, Destination destination)
      throws IOException, SQLException {
    var database = JdbcClient.create(new SingleConnectionDataSource(connection, true));
    var books = books(database);
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var origin = new ArchiveOutput.Origin(installation.id(), installation.epoch(), now);
    var paced = new PacedOutput(destination.open(), BYTES_PER_SECOND, nanos);
    try (var archive = ArchiveOutput.begin(paced, origin, key, random)) {
      var sections = new SectionOutput(archive);
      var manifest = manifest(database);
      sections.write(new Section.Contents(), out -> out.write(manifest.bytes()));
      var sealing = installation.dataDir().resolve("keys/sealing.json");
      sections.write(new Section.DataFile("keys/sealing.json", 0), out -> Files.copy(sealing, out));
      var tables = new TableCopies(connection);
      for (var table : tables.tables()) {
        sections.write(table, out -> tables.write(table, out));
      }
      connection.rollback();
      for (var book : books.entrySet()) {
        var copy = ledger.copy(Integer.parseUnsignedInt(book.getKey(), 16));
        if (copy.isPresent()) {
          write(copy.get(), book.getValue(), sections);
        }
      }
      sections.end();
      archive.finish();
    }
  }

  private Manifest manifest(JdbcClient database) {
    return new Manifest(
        SchemaMigration.version(database, KeysSchema.NAME),
        SchemaMigration.version(database, IssuanceSchema.NAME),
        installation.forArchive());
  }

  /// The books of the snapshot, and whether they were sealed then.
  private static Map<String, Boolean> books(JdbcClient database) {
    var books = new LinkedHashMap<String, Boolean>();
    database
        .sql(
            """
            select number, state = 'sealed' as sealed from issuance.book
            where state <> 'dropped' and not refused order by generation
            """)
        .query(row -> {
          books.put(row.getString("number"), row.getBoolean("sealed"));
        });
    return books;
  }

  private static void write(BookCopy copy, boolean sealed, SectionOutput sections)
      throws IOException, SQLException {
    var file = "ledger/" + copy.name();
    sections.write(
        new Section.DataFile(file + ".book", sealed ? 0 : copy.bookSize()), copy::writeBook);
    sections.write(
        new Section.DataFile(file + ".journal", sealed ? 0 : copy.journalSize()),
        copy::writeJournal);
  }
}
