package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The processes of a server's own PostgreSQL, and what somebody with `kill` can do to them.
final class PostgresProcesses {
  private final Path cluster;

  /// @param home as of [ServerProcess]
  PostgresProcesses(Path home) {
    this.cluster = home.resolve("data/postgres/data");
  }

  /// Of the postmaster; 0 while there is none.
  long postmaster() throws IOException {
    var file = cluster.resolve("postmaster.pid");
    var lines = Files.exists(file) ? Files.readAllLines(file) : List.<String>of();
    return lines.isEmpty() ? 0 : Long.parseLong(lines.getFirst().strip());
  }

  /// SIGKILL to the postmaster.
  void kill() throws IOException {
    assertThat(ProcessHandle.of(postmaster()).orElseThrow().destroyForcibly()).isTrue();
  }

  /// Ends every connection of the server.
  ///
  /// @return how many
  int cutConnections() throws IOException, InterruptedException {
    var backends = new ArrayList<Long>();
    for (var pid : all()) {
      if (title(pid).startsWith("postgres: ingam_server ")) {
        backends.add(pid);
      }
    }
    signal("TERM", backends);
    return backends.size();
  }

  /// Lets all of them stand still: the database answers nobody, and refuses nobody either.
  void freeze() throws IOException, InterruptedException {
    signal("STOP", List.of(postmaster()));
    signal("STOP", all());
  }

  /// Lets them go on.
  void thaw() throws IOException, InterruptedException {
    signal("CONT", all());
  }

  private List<Long> all() throws IOException {
    var real = cluster.toRealPath();
    var found = new ArrayList<Long>();
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (var process : processes) {
        if (real.equals(workingFolder(process))) {
          found.add(Long.parseLong(process.getFileName().toString()));
        }
      }
    }
    return found;
  }

  /// Null when the process is gone.
  private static Path workingFolder(Path process) {
    try {
      return Files.readSymbolicLink(process.resolve("cwd"));
    } catch (IOException e) {
      return null;
    }
  }

  private static String title(long pid) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static void signal(String name, List<Long> pids)
      throws IOException, InterruptedException {
    for (var pid : pids) {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    }
  }
}
