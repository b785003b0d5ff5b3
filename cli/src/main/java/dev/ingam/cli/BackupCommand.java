package dev.ingam.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ingam backup FILE`: the running server's backup in a file, whole or not at all.
@Command(
    name = "backup",
    description = {
      "Writes an encrypted backup of the running installation; tokens go on meanwhile.",
      "No master key and no signing key is in it. To look whether one is whole: ingam backup verify FILE"
    })
final class BackupCommand extends AdminCommand {
  private static final List<Column> COLUMNS = List.of(Column.text("file"), Column.text("bytes"));
  private static final byte[] END = "INGAMEND".getBytes(StandardCharsets.US_ASCII);
  private static final Set<StandardOpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  @Parameters(paramLabel = "FILE", description = "Where to; must not be there yet")
  Path file = Path.of("");

  @Option(names = "--force", description = "Replace FILE if it is there")
  boolean force;

  BackupCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode run() {
    var target = file.toAbsolutePath();
    if (!force && Files.exists(target)) {
      throw there(target);
    }
    var partial = target.resolveSibling("." + target.getFileName() + ".partial");
    try {
      long bytes = download(partial);
      move(partial, target);
      var done = Json.object().with("file", target.toString()).with("bytes", Long.toString(bytes));
      printer().one(done, COLUMNS);
      terminal
          .err()
          .println(
              "Keep it apart from the server, and apart from both a copy of the installation's folder of"
                  + " secrets: without its backup.key and sealing.master nobody restores it.");
      return ExitCode.OK;
    } catch (FileAlreadyExistsException e) {
      throw there(target);
    } catch (IOException e) {
      throw new CliException(
          ExitCode.ERROR, "Expected to write " + target + "; it failed: " + e.getMessage(), e);
    }
  }

  private long download(Path partial) throws IOException {
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Files.deleteIfExists(partial);
    boolean whole = false;
    try (var channel = FileChannel.open(partial, NEW, owner)) {
      api().download("/admin/backup", channel);
      channel.force(true);
      whole = isWhole(partial);
      if (!whole) {
        throw new CliException(
            ExitCode.ERROR,
            "Expected a whole backup, it broke off; the server's log says why. Nothing is left of it.");
      }
      return channel.size();
    } finally {
      if (!whole) {
        Files.deleteIfExists(partial);
      }
    }
  }

  /// An archive that is whole ends with its end, whoever wrote it; what is inside only its key
  /// tells.
  private static boolean isWhole(Path archive) throws IOException {
    try (var bytes = new RandomAccessFile(archive.toFile(), "r")) {
      var end = new byte[END.length];
      if (bytes.length() < end.length) {
        return false;
      }
      bytes.seek(bytes.length() - end.length);
      bytes.readFully(end);
      return MessageDigest.isEqual(end, END);
    }
  }

  private void move(Path partial, Path target) throws IOException {
    try {
      if (force) {
        Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.move(partial, target);
      }
    } catch (IOException e) {
      Files.deleteIfExists(partial);
      throw e;
    }
    var folder = target.getParent();
    if (folder != null) {
      try (var entry = FileChannel.open(folder, StandardOpenOption.READ)) {
        entry.force(true);
      }
    }
  }

  private static CliException there(Path target) {
    return new CliException(
        ExitCode.ERROR,
        String.format(
            Locale.ROOT,
            "Expected a file that is not there yet; %s is. Name another one, or --force.",
            target));
  }
}
