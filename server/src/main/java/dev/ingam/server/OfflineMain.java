package dev.ingam.server;

import dev.ingam.keys.Installation;
import dev.ingam.keys.archive.ArchiveException;
import dev.ingam.keys.archive.ArchiveHeader;
import dev.ingam.keys.archive.ArchiveInput;
import dev.ingam.keys.archive.BackupKey;
import dev.ingam.keys.disk.ExposedFileException;
import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.server.backup.Inspection;
import dev.ingam.server.backup.Recovery;
import dev.ingam.server.backup.Restore;
import dev.ingam.server.start.Settings;
import dev.ingam.server.start.SettingsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;

/// `ingam backup verify`, `ingam restore`, `ingam recover`: what is done with an installation while
/// no server runs on it. Exit codes: 0 done, 1 not done, 2 not understood, 3 the archive cannot be
/// used.
public final class OfflineMain {
  private static final int CHECK_FAILED = 3;

  private OfflineMain() {}

  public static void main(String[] args) {
    System.exit(run(new Terminal(), List.of(args)));
  }

  static int run(Terminal terminal, List<String> args) {
    return switch (OfflineCommand.parse(args)) {
      case OfflineCommand.Help() -> {
        terminal.say(OfflineCommand.USAGE);
        yield 0;
      }
      case OfflineCommand.Misuse(String problem) -> {
        terminal.complain("ingam: " + problem + System.lineSeparator() + OfflineCommand.USAGE);
        yield 2;
      }
      case OfflineCommand.Work work -> run(terminal, work);
    };
  }

  private static int run(Terminal terminal, OfflineCommand.Work work) {
    try (var context =
        ServerMain.start(OfflineApplication.class, work.properties(), work.config())) {
      var settings = SettingsReader.read(context.getEnvironment());
      switch (work) {
        case OfflineCommand.Verify verify -> verify(terminal, verify, settings);
        case OfflineCommand.Restore restore -> restore(terminal, restore, settings);
        case OfflineCommand.Recover recover -> recover(terminal, recover, settings);
      }
      return 0;
    } catch (ArchiveException e) {
      terminal.complain("ingam: " + e.reason().code() + ": " + e.getMessage());
      return CHECK_FAILED;
    } catch (IOException | RuntimeException e) {
      terminal.complain("ingam: " + explanation(e));
      return 1;
    }
  }

  private static String explanation(Exception e) {
    var why = ServerMain.explanation(e);
    if (why != null) {
      return why;
    }
    if (e instanceof IOException || e instanceof ExposedFileException) {
      return "expected files that can be read and written; " + e.getMessage();
    }
    LoggerFactory.getLogger(OfflineMain.class).error("Not done", e);
    return "unexpected: " + e + "; the log above says more";
  }

  private static void verify(Terminal terminal, OfflineCommand.Verify verify, Settings settings)
      throws IOException {
    var found = Inspection.of(verify.archive(), key(verify.archive(), verify.key(), settings));
    tell(terminal, found);
    terminal.say("Whole, and as it was made.");
  }

  private static void restore(Terminal terminal, OfflineCommand.Restore restore, Settings settings)
      throws IOException {
    var found =
        Restore.run(
            restore.archive(), key(restore.archive(), restore.key(), settings), target(settings));
    tell(terminal, found);
    terminal.say(
        "Restored into " + settings.dataDir() + ", a new epoch begins. Start it: ingam serve");
    terminal.say(
        "Its tokens are honoured until they expire, but for single-use ones; what was issued after the");
    terminal.say(
        "backup is refused as ledger_doubt. Log-outs and changes since the backup are not known.");
  }

  private static Restore.Target target(Settings settings) {
    return new Restore.Target(
        settings.dataDir(),
        secretsRoot(settings),
        settings.database(),
        settings.keys(),
        Clock.systemUTC(),
        new SecureRandom(),
        SpringApplication.getShutdownHandlers()::add);
  }

  private static void recover(
      Terminal terminal, OfflineCommand.Recover recover, Settings settings) {
    var report = Recovery.run(target(settings), recover.dryRun());
    if (!report.behind()) {
      terminal.say("Nothing to do: the database is not behind what this node remembers.");
      return;
    }
    report.changes().forEach(change -> terminal.say("  " + change));
    terminal.say(
        report.changes().size()
            + " rows, and "
            + report.sessionsEnded()
            + " sessions end by watermarks. Keys that sign retire; the next start makes new ones.");
    terminal.say(
        recover.dryRun()
            ? "Nothing was changed. To do it: ingam recover"
            : "Done, a new epoch begins. Start the server: ingam serve. Then make a new backup: ingam backup FILE");
    terminal.say(
        "Clients, routes, audiences, withdrawals and log-outs are as the database has them: look through them.");
  }

  private static void tell(Terminal terminal, Inspection found) {
    var header = found.header();
    terminal.say(
        "Backup of installation "
            + header.installation()
            + ", epoch "
            + header.epoch()
            + ", made "
            + header.created()
            + " under backup key "
            + header.keyId());
    found.rows().forEach((table, rows) -> terminal.say("  " + rows + " rows of " + table));
    terminal.say("  " + found.books() + " books of the ledger");
  }

  private static BackupKey key(Path archive, @Nullable Path named, Settings settings)
      throws IOException {
    ArchiveHeader header;
    try (var in = Files.newInputStream(archive)) {
      header = ArchiveInput.header(in);
    }
    var usual = BackupKey.file(secretsRoot(settings).resolve(header.installation()));
    return BackupKey.read(named == null ? usual : named, new PosixFiles());
  }

  private static Path secretsRoot(Settings settings) {
    var secrets = settings.secretsDir();
    return secrets == null ? Installation.defaultSecretsRoot() : secrets;
  }

  /// Settings alone.
  @SpringBootConfiguration(proxyBeanMethods = false)
  static class OfflineApplication {}
}
