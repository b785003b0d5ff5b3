package dev.ingam.keys;

import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.keys.disk.SecretFiles;
import dev.ingam.keys.file.FileStores;
import dev.ingam.keys.row.Recall;
import dev.ingam.testkit.SettableClock;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.KeyState;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/// An installation in a temporary folder, that can be stopped, broken and started again.
final class TestHouse implements AutoCloseable {
  static final String START = "2026-11-23T00:00:00Z";

  final TestDatabase database;
  final SettableClock clock = SettableClock.at(START);
  // Goes with the clock until a test takes them apart.
  LongSupplier nanos;
  final Path folder;
  List<KeySetConfig> sets = List.of(KeySetConfig.access());
  SecretFiles files = new PosixFiles();
  DataSource source;
  Installation installation;
  FileStores stores;
  Recall recall = Recall.NONE;
  // What the files of the stores are taken for.
  UnaryOperator<SigningStores> device = UnaryOperator.identity();
  KeyLifecycle keys;

  /// On a database that other houses used before: it is emptied.
  TestHouse(Path folder, TestDatabase database) {
    this.folder = folder;
    this.database = database;
    this.source = database.server();
    this.nanos = () -> Duration.between(Instant.parse(START), clock.instant()).toNanos();
    var owner = database.ownerClient();
    owner
        .sql(
            "TRUNCATE keys.installation, keys.custody_domain, keys.key_set, keys.signing_key,"
                + " keys.signature_count, keys.acknowledgement, keys.key_birth, keys.event")
        .update();
    owner.sql("UPDATE keys.event_head SET seq = 0").update();
  }

  static TestDatabase database() {
    return TestDatabase.migrated("keys", KeysSchema::migrate);
  }

  static TestHouse started(Path folder, TestDatabase database) {
    var house = new TestHouse(folder, database);
    house.start();
    return house;
  }

  void start() {
    open();
    keys.start();
  }

  /// All but the start of the life cycle.
  void open() {
    installation =
        Installation.open(
            folder.resolve("data"), folder.resolve("secrets"), clock, files, new SecureRandom());
    try {
      stores = FileStores.open(installation, new SecureRandom(), null, clock, files);
      keys =
          new KeyLifecycle(
              source,
              device.apply(stores),
              stores.sealingKeys(),
              sets,
              recall,
              new Clocks(clock, () -> nanos.getAsLong()));
    } catch (RuntimeException e) {
      installation.close();
      throw e;
    }
  }

  /// As a killed process: nothing is written, the lock goes away.
  void kill() {
    installation.close();
  }

  void restart() {
    kill();
    start();
  }

  /// Reads the key states and does nothing that is due, so that the lease goes on.
  void read() {
    var _ = keys.list();
  }

  Keyring ring() {
    return keys.keyring();
  }

  String activeKid() {
    return ring().active("access").kid();
  }

  List<KeyView> in(KeyState state) {
    return keys.list().stream().filter(key -> key.state() == state).toList();
  }

  KeyView reserve() {
    return in(KeyState.PREPARED).stream().filter(KeyView::reserve).findFirst().orElseThrow();
  }

  KeyView waiting() {
    return in(KeyState.PREPARED).stream().filter(key -> !key.reserve()).findFirst().orElseThrow();
  }

  byte[] sign() {
    return ring().sign(ring().active("access"), new byte[] {1});
  }

  List<String> alarms() {
    return keys.alarms().stream().map(Alarm::code).toList();
  }

  /// Types of all events, in order.
  List<String> events() {
    return database
        .serverClient()
        .sql("SELECT type FROM keys.event ORDER BY seq")
        .query(String.class)
        .list();
  }

  long count(String event) {
    return events().stream().filter(event::equals).count();
  }

  @Override
  public void close() {
    installation.close();
  }
}
