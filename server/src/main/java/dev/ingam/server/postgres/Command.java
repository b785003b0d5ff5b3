package dev.ingam.server.postgres;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Runs programs in an environment of their own: nothing of ours (`PG...`, `LD_...`, secrets) is
/// handed on.
final class Command {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PATH",
          "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          "LC_ALL",
          "C",
          "TZ",
          "UTC");

  /// How a program ended, and what it said.
  record Ended(int code, String said) {
    String lastLine() {
      var lines = said.lines().filter(line -> !line.isBlank()).toList();
      return lines.isEmpty() ? "exit code " + code : lines.getLast();
    }
  }

  private Command() {}

  static ProcessBuilder builder(List<String> command) {
    var builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(ENVIRONMENT);
    builder.redirectErrorStream(true);
    return builder;
  }

  static Ended run(List<String> command) throws IOException {
    var process = builder(command).redirectInput(new File("/dev/null")).start();
    try (var output = process.getInputStream()) {
      var said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), said);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + command.getFirst(), e);
    }
  }

  /// Whether it can be started and ends well.
  static boolean succeeds(List<String> command) {
    try {
      return run(command).code() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /// Sends a signal by name; the shell has it built in where there is no `kill` program.
  static void signal(String name, long pid) throws IOException {
    run(List.of("sh", "-c", "kill -" + name + " " + pid));
  }
}
