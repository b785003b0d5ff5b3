package dev.ingam.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the figures were measured on. A figure without it compares with nothing.
record Machine(String cpu, int cores, long memoryMegabytes, String system, String java) {
  static Machine thisOne() {
    return new Machine(
        line(Path.of("/proc/cpuinfo"), "model name"),
        Runtime.getRuntime().availableProcessors(),
        kilobytes(line(Path.of("/proc/meminfo"), "MemTotal")) / 1024,
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
  }

  /// The value of the first line `name : value`; "unknown" where there is none.
  static String line(Path file, String name) {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }

  /// Of `12345 kB`; 0 for anything else.
  static long kilobytes(String value) {
    return value.matches("[0-9]{1,15} kB")
        ? Long.parseLong(value.substring(0, value.length() - 3))
        : 0;
  }
}
