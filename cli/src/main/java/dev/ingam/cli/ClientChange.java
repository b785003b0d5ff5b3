package dev.ingam.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// A command that makes or changes a client, and may get a secret back.
abstract class ClientChange extends AdminCommand {
  private static final List<Column> SECRET = List.of(Column.text("id"), Column.text("secret"));

  @Option(names = "--dry-run", description = "Print what would be sent and send nothing")
  boolean dryRun;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "Write the new secret to this new file (mode 0600) instead of standard output")
  @Nullable Path secretFile;

  ClientChange(Terminal terminal) {
    super(terminal);
  }

  /// Before the server makes a secret that then could not be kept.
  void checkSecretFile() {
    if (secretFile == null) {
      return;
    }
    if (Files.exists(secretFile)) {
      throw new CliException(
          ExitCode.ERROR,
          "Expected a new file for the secret; "
              + secretFile
              + " exists. Name another, or remove it.");
    }
    var folder = secretFile.toAbsolutePath().getParent();
    if (folder != null && !Files.isWritable(folder)) {
      throw new CliException(
          ExitCode.ERROR, "Expected to write the secret into " + folder + "; this user cannot.");
    }
  }

  ExitCode sent(String method, String path, Json body) {
    if (dryRun) {
      terminal.err().println("Would send " + method + " " + path);
      if (!body.isAbsent()) {
        terminal.out().println(body.pretty());
      }
      return ExitCode.OK;
    }
    show(
        switch (method) {
          case "PUT" -> api().put(path, body);
          case "DELETE" -> api().delete(path);
          default -> api().post(path, body);
        });
    return ExitCode.OK;
  }

  private void show(Json answer) {
    var client = answer.get("client").isAbsent() ? answer : answer.get("client");
    var secret = answer.get("secret").text();
    if (secret.isEmpty()) {
      printer().one(client, ClientCommands.ALL_COLUMNS);
    } else if (secretFile != null) {
      keep(secretFile, secret);
      printer().one(client, ClientCommands.ALL_COLUMNS);
    } else if (printer().isForPeople()) {
      printer().one(client, ClientCommands.ALL_COLUMNS);
      terminal.err().println("The secret, shown this once:");
      terminal.out().println(secret);
    } else {
      var line = Json.object().with("id", client.get("id")).with("secret", secret);
      printer().one(format == Format.CSV ? line : answer, SECRET);
    }
  }

  private void keep(Path file, String secret) {
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (var channel = Files.newByteChannel(file, options, mode)) {
      var bytes = ByteBuffer.wrap((secret + "\n").getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      terminal.err().println("The secret is in " + file);
    } catch (IOException e) {
      terminal
          .err()
          .println("The secret could not be written to " + file + ", so it is shown here, once:");
      terminal.out().println(secret);
      throw new CliException(ExitCode.ERROR, "Expected to write " + file + "; it failed: " + e, e);
    }
  }
}
