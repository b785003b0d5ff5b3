package dev.ingam.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a client's secret comes from: a file, standard input, or a person; never the command line.
final class ClientSecretSource {
  private static final int MAX_SECRET = 512;

  private final AdminCommand command;

  ClientSecretSource(AdminCommand command) {
    this.command = command;
  }

  String read(@Nullable String file) {
    var secret = file == null ? asked() : "-".equals(file) ? standardInput() : fromFile(file);
    if (secret.isEmpty() || secret.length() > MAX_SECRET) {
      throw new CliException(
          ExitCode.ERROR,
          "Expected a secret of 1 to 512 characters; came " + secret.length() + ".");
    }
    return secret;
  }

  private String fromFile(String file) {
    return new String(RunningServer.read(Path.of(file), "a client secret"), StandardCharsets.UTF_8)
        .strip();
  }

  private String standardInput() {
    try {
      var bytes = command.terminal.in().readNBytes(4 * MAX_SECRET);
      return new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new CliException(
          ExitCode.ERROR, "Expected a secret on standard input; reading failed: " + e, e);
    }
  }

  private String asked() {
    var passwords = command.terminal.passwords();
    if (passwords == null) {
      throw command.usage(
          "Expected --secret-file or --key-file: nobody is at a terminal who could be asked for the secret.");
    }
    var typed = passwords.apply("Secret of the client: ");
    return typed == null ? "" : new String(typed).strip();
  }
}
