package dev.ingam.drill;

import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A process of the demo. Its standard input is its lifeline: closing it, or dying, ends the child.
final class Child implements AutoCloseable {
  private static final String END = "\u0000end";
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
  private static final int TAIL_LINES = 15;

  private final String name;
  private final Process process;
  private final Path log;
  private final Duration patience;
  private final BufferedWriter toChild;
  private final BlockingQueue<String> fromChild = new LinkedBlockingQueue<>();

  private Child(String name, Process process, Path log, Duration patience) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.patience = patience;
    this.toChild = process.outputWriter(StandardCharsets.UTF_8);
    Thread.ofPlatform().daemon().name("from-" + name).start(this::read);
  }

  /// Starts a process that answers on standard output; its standard error goes to the log file.
  static Child start(String name, List<String> command, Path log) {
    return start(name, command, log, STOP_PATIENCE);
  }

  /// @param patience with its end, at each step from asking to killing
  static Child start(String name, List<String> command, Path log, Duration patience) {
    return start(name, new ProcessBuilder(command).redirectError(log.toFile()), log, patience);
  }

  /// Starts a process that only logs.
  static Child startLogging(String name, List<String> command, Path log) {
    var process = new ProcessBuilder(command).redirectErrorStream(true);
    return start(name, process.redirectOutput(log.toFile()), log, STOP_PATIENCE);
  }

  private static Child start(String name, ProcessBuilder process, Path log, Duration patience) {
    try {
      return new Child(name, process.start(), log, patience);
    } catch (IOException e) {
      throw new DrillException("cannot start the " + name + ": " + e.getMessage(), e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// Sends a command and waits for its answer.
  Json ask(String command, Duration patience) {
    try {
      toChild.write(command);
      toChild.newLine();
      toChild.flush();
    } catch (IOException e) {
      throw ended();
    }
    return answer(patience);
  }

  /// The next line that the child prints.
  Json answer(Duration patience) {
    try {
      var line = fromChild.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (line == null) {
        throw new DrillException(
            "no answer from the " + name + " within " + patience.toSeconds() + " s" + tail());
      }
      if (line.equals(END)) {
        fromChild.add(END);
        throw ended();
      }
      return Json.read(line.getBytes(StandardCharsets.UTF_8), "the " + name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DrillException("stopped", e);
    }
  }

  /// Ends it at once, as `kill -9` does; what it started lives on.
  void kill() {
    process.destroyForcibly();
    requireExit();
  }

  private void requireExit() {
    if (!exits()) {
      throw new DrillException("the " + name + ", process " + process.pid() + ", cannot be killed");
    }
  }

  DrillException ended() {
    return new DrillException("the " + name + " ended by itself" + tail());
  }

  /// Cuts the lifeline, waits, and insists when that was not enough; then every process below the
  /// child is ended too, for a child that is killed takes none along.
  @Override
  public void close() {
    var below = process.descendants().toList();
    try {
      toChild.close();
    } catch (IOException e) {
      process.destroy();
    }
    if (exits()) {
      return;
    }
    process.destroy();
    if (exits()) {
      return;
    }
    process.destroyForcibly();
    below.forEach(ProcessHandle::destroy);
    requireExit();
  }

  private boolean exits() {
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      lines.lines().forEach(fromChild::add);
    } catch (IOException | UncheckedIOException e) {
      fromChild.add("the line from it broke: " + e.getMessage());
    } finally {
      fromChild.add(END);
    }
  }

  private String tail() {
    try {
      var lines = Files.readAllLines(log);
      var last = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
      return "; the last lines of " + log + ":\n" + String.join("\n", last);
    } catch (IOException e) {
      return "; its log " + log + " cannot be read";
    }
  }
}
