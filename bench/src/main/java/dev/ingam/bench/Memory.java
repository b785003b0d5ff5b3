package dev.ingam.bench;

import java.nio.file.Path;

/// Resident memory of a process in megabytes, as Linux counts it.
///
/// @param anonymous its own: heap, class data, stacks, buffers
/// @param file pages of mapped files: books, jars, libraries
record Memory(double anonymous, double file) {
  /// Zeros where the process is gone.
  static Memory of(long pid) {
    var status = Path.of("/proc", Long.toString(pid), "status");
    return new Memory(megabytes(status, "RssAnon"), megabytes(status, "RssFile"));
  }

  /// The share of a process in memory that it may have in common with others.
  static double proportional(long pid) {
    return megabytes(Path.of("/proc", Long.toString(pid), "smaps_rollup"), "Pss:");
  }

  Memory most(Memory other) {
    return new Memory(Math.max(anonymous, other.anonymous), Math.max(file, other.file));
  }

  private static double megabytes(Path file, String name) {
    return Machine.kilobytes(Machine.line(file, name)) / 1024.0;
  }
}
