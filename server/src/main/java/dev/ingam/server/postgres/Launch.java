package dev.ingam.server.postgres;

import dev.ingam.server.start.StartFailure;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How the postmaster of a cluster is started, each time with the same options on the same port.
record Launch(Cluster cluster, int port) {
  private static final Duration RECOVERY = Duration.ofMinutes(10);
  private static final Set<PosixFilePermission> LOG_MODE =
      PosixFilePermissions.fromString("rw-------");

  /// Given on the command line, so that nothing in the folder can say otherwise.
  private static final Map<String, String> OPTIONS =
      Map.ofEntries(
          Map.entry("listen_addresses", "127.0.0.1"),
          Map.entry("unix_socket_directories", ""),
          Map.entry("fsync", "on"),
          Map.entry("synchronous_commit", "on"),
          Map.entry("full_page_writes", "on"),
          Map.entry("password_encryption", "scram-sha-256"),
          Map.entry("max_connections", "40"),
          Map.entry("shared_buffers", "64MB"),
          Map.entry("jit", "off"),
          Map.entry("ssl", "off"),
          Map.entry("logging_collector", "off"),
          Map.entry("log_destination", "stderr"),
          Map.entry("log_timezone", "UTC"),
          Map.entry("log_statement", "none"),
          Map.entry("log_min_error_statement", "panic"),
          Map.entry("log_parameter_max_length_on_error", "0"));

  /// Starts the process; `awaitReady` says what becomes of it.
  ///
  /// @param again after one that died: the log goes on, it may tell why
  Process begin(boolean again) throws IOException {
    var words = new ArrayList<String>();
    words.add(cluster.software().program("postgres").toString());
    words.addAll(List.of("-D", cluster.data().toString(), "-p", Integer.toString(port)));
    OPTIONS.forEach((name, value) -> words.addAll(List.of("-c", name + "=" + value)));
    words.addAll(List.of("-c", "hba_file=" + hba()));
    var command = new ArrayList<>(cluster.account().command(words));
    if (Command.succeeds(List.of("setsid", "true"))) {
      command.addFirst(
          "setsid"); // the terminal's ctrl-C is for the server, which stops PostgreSQL last
    }
    return Command.builder(command)
        .redirectInput(new File("/dev/null"))
        .redirectOutput(Redirect.appendTo(openLog(again).toFile()))
        .start();
  }

  /// Waits until the process takes connections: a recovery may come first.
  ///
  /// @throws StartFailure when it ended instead, or takes too long; it is gone then
  void awaitReady(Process process) throws IOException {
    if (Postmaster.await(RECOVERY, () -> !process.isAlive() || saysReady(process))
        && process.isAlive()) {
      return;
    }
    if (process.isAlive()) {
      cluster.stop(process.pid());
    }
    throw new StartFailure("PostgreSQL to start on " + cluster.data(), lastFatal(), "see " + log());
  }

  /// Where PostgreSQL writes what befalls it.
  Path log() {
    return cluster.home().resolve("postgres.log");
  }

  /// For its owner alone, whatever the umask: PostgreSQL is handed it open, so that it need not be
  /// able to open it.
  private Path openLog(boolean again) throws IOException {
    var mode = PosixFilePermissions.asFileAttribute(LOG_MODE);
    var options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try (var channel = FileChannel.open(log(), options, mode)) {
      Files.setPosixFilePermissions(log(), LOG_MODE);
      if (!again) {
        channel.truncate(0);
      }
    }
    return log();
  }

  /// Who may connect: over loopback, with a password, nobody else. Not secret, and PostgreSQL must
  /// read it, as whoever it runs.
  private Path hba() throws IOException {
    var file = cluster.home().resolve("hba.conf");
    Files.writeString(file, "host all all 127.0.0.1/32 scram-sha-256\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return file;
  }

  private boolean saysReady(Process process) {
    try {
      var postmaster = Postmaster.read(cluster.data());
      return postmaster != null && postmaster.pid() == process.pid() && postmaster.ready();
    } catch (IOException e) {
      return false;
    }
  }

  private String lastFatal() throws IOException {
    var lines = Files.readAllLines(log(), StandardCharsets.UTF_8);
    return lines.stream()
        .filter(line -> line.contains("FATAL") || line.contains("PANIC"))
        .reduce((first, second) -> second)
        .orElse(lines.isEmpty() ? "nothing" : lines.getLast());
  }
}
