package dev.ingam.server;

import dev.ingam.issuance.ledger.LedgerStatus;
import dev.ingam.keys.Installation;
import dev.ingam.keys.archive.BackupKey;
import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.server.backup.Backup;
import dev.ingam.server.backup.Inspection;
import dev.ingam.server.backup.Restore;
import dev.ingam.server.start.KeySettings;
import dev.ingam.server.start.Settings;
import dev.ingam.server.start.WrappingSettings;
import dev.ingam.testkit.Until;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// Backups and restores as tests make them: secrets in `secrets` of the test's folder.
final class Restored {
  /// The defaults: keys in files.
  static final KeySettings KEYS =
      new KeySettings(
          "ES256",
          null,
          Duration.ofHours(24),
          Duration.ofHours(24),
          List.of(),
          new WrappingSettings(null, null, null, null, null));

  private Restored() {}

  /// A backup of a running server.
  static Path backup(TestServer server, Path file) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      if (!server.bean(Backup.class).write(() -> out)) {
        throw new AssertionError("another backup is under way");
      }
    }
    return file;
  }

  /// Waits until a backup holds what was issued so far: the header of a book names its mark one
  /// sync after the mark has risen.
  ///
  /// @param issueOne makes something to sync
  static void settle(TestServer server, Runnable issueOne) {
    for (int i = 0; i < 2; i++) {
      Until.isTrue(
          "all is below the mark",
          Duration.ofMinutes(1),
          () ->
              server.issuance().ledger().status().books().stream()
                  .filter(book -> book.condition() == LedgerStatus.Condition.OPEN)
                  .allMatch(book -> book.mark() == book.used()));
      issueOne.run();
    }
  }

  /// The same while others go on issuing: a backup holds what was issued until now.
  static void settleUnderTraffic(TestServer server) {
    for (int i = 0; i < 2; i++) {
      var used = openBook(server).used();
      Until.isTrue(
          "what was used is below the mark",
          Duration.ofMinutes(1),
          () -> openBook(server).mark() >= used);
    }
  }

  private static LedgerStatus.BookStatus openBook(TestServer server) {
    return server.issuance().ledger().status().books().stream()
        .filter(book -> book.condition() == LedgerStatus.Condition.OPEN)
        .findFirst()
        .orElseThrow();
  }

  static BackupKey key(Path home) {
    try (var installations = Files.list(home.resolve("secrets"))) {
      var secrets = installations.findFirst().orElseThrow();
      return BackupKey.read(BackupKey.file(secrets), new PosixFiles());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Inspection restore(Path archive, Path home, Path data) throws IOException {
    return Restore.run(archive, key(home), target(data, home.resolve("secrets")));
  }

  static Restore.Target target(Path data, Path secrets) {
    return new Restore.Target(
        data,
        secrets,
        new Settings.Database(null, null, null, null, null),
        KEYS,
        Clock.systemUTC(),
        new SecureRandom(),
        stop -> {});
  }

  /// Lets a data folder be lost.
  static void lose(Path data) throws IOException {
    Files.delete(data.resolve("installation"));
    Files.move(data, data.resolveSibling(data.getFileName() + ".lost"));
  }

  static int epoch(TestServer server) {
    return server.bean(Installation.class).epoch();
  }
}
