package dev.ingam.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Which process runs on which core: the server alone on core 0; PostgreSQL and the clients on core
/// 1.
///
/// @param on whether `taskset` is there and the machine has two cores; without it nothing is pinned
record Pinning(boolean on) {
  static Pinning here() {
    return new Pinning(isInstalled("taskset") && Runtime.getRuntime().availableProcessors() >= 2);
  }

  static boolean isInstalled(String command) {
    for (var folder : System.getenv().getOrDefault("PATH", "").split(":")) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, command))) {
        return true;
      }
    }
    return false;
  }

  /// What stands before the command of a server.
  List<String> onServerCore() {
    return on ? List.of("taskset", "-c", "0") : List.of();
  }

  /// How many cores a server has.
  int serverCores() {
    return on ? 1 : Runtime.getRuntime().availableProcessors();
  }

  /// What stands before the command of a client.
  List<String> onClientCore() {
    return on ? List.of("taskset", "-c", "1") : List.of();
  }

  /// Moves a running process, with all its threads, to the clients' core. One that ended meanwhile
  /// is no matter.
  void moveToClientCore(long pid) throws IOException, InterruptedException {
    if (on) {
      new ProcessBuilder("taskset", "-a", "-p", "-c", "1", Long.toString(pid))
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }
  }

  String text() {
    return on
        ? "server alone on core 0, PostgreSQL and wrk on core 1"
        : "nothing pinned (taskset or a second core is missing)";
  }
}
