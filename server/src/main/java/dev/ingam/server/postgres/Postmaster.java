package dev.ingam.server.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What `postmaster.pid` in a cluster's folder says, and what the kernel says of that process.
///
/// @param ready whether it takes connections
record Postmaster(long pid, boolean ready) {
  private static final int STATUS_LINE = 7;

  /// Whose process it is.
  enum Kind {
    /// Gone, or its number is now another program's.
    GONE,
    /// Of our software, on this folder.
    OURS,
    /// On this folder, of other software.
    FOREIGN
  }

  /// @return null when there is no such file or it is not whole
  static @Nullable Postmaster read(Path data) throws IOException {
    var file = data.resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return null;
    }
    var lines = Files.readAllLines(file);
    if (lines.isEmpty() || !lines.getFirst().strip().matches("[0-9]{1,10}")) {
      return null;
    }
    var status = lines.size() > STATUS_LINE ? lines.get(STATUS_LINE).strip() : "";
    return new Postmaster(Long.parseLong(lines.getFirst().strip()), status.equals("ready"));
  }

  /// @param software the folder below which our programs stand, of any version
  Kind kind(Path data, Path software) throws IOException {
    if (!data.toRealPath().equals(link(pid, "cwd"))) {
      return Kind.GONE;
    }
    var program = link(pid, "exe");
    return program != null && program.startsWith(software.toRealPath()) ? Kind.OURS : Kind.FOREIGN;
  }

  /// Processes that work in a cluster's folder: the postmaster and its children.
  static List<Long> processesIn(Path data) throws IOException {
    var real = data.toRealPath();
    var found = new ArrayList<Long>();
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (var process : processes) {
        var pid = Long.parseLong(process.getFileName().toString());
        if (real.equals(link(pid, "cwd"))) {
          found.add(pid);
        }
      }
    }
    return found;
  }

  /// Waits for a condition; false when it did not come true in time.
  static boolean await(Duration patience, BooleanSupplier condition) {
    var end = System.nanoTime() + patience.toNanos();
    try {
      while (!condition.getAsBoolean()) {
        if (System.nanoTime() - end > 0) {
          return false;
        }
        Thread.sleep(Duration.ofMillis(5));
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Null when the process is gone or not ours to look at.
  private static @Nullable Path link(long pid, String name) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), name));
    } catch (IOException e) {
      return null;
    }
  }
}
