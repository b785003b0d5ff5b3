package dev.ingam.drill;

import dev.ingam.drill.web.DrillException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The host of a soak: the server, its PostgreSQL and its clock, and what may befall them. One
/// thread calls it, but for `close`.
final class SoakHost implements AutoCloseable {
  private final WorkFolder folder;
  private final Jvm jvm;
  private final Path config;
  private final SteppedClock clock;
  private final FakeTime fakeTime;
  private int starts;
  private boolean closed;
  // Written by the one thread, under this.
  private @Nullable Child process;
  private IngamServer.@Nullable Ports ports;

  SoakHost(WorkFolder folder, Jvm jvm, Path config, SteppedClock clock) {
    this.folder = folder;
    this.jvm = jvm;
    this.config = config;
    this.clock = clock;
    this.fakeTime = FakeTime.at(folder.write("clock", ""));
  }

  SteppedClock clock() {
    return clock;
  }

  /// Starts the server and waits until it is ready; always on the ports of the first start.
  IngamServer start() {
    var child = begin();
    var server = IngamServer.ready(child, folder, Clock.systemUTC());
    ports = server.ports();
    return server;
  }

  private synchronized Child begin() {
    if (closed) {
      throw new DrillException("stopped");
    }
    deleteOldPorts();
    clock.forget();
    var command = fakeTime.under(jvm.server(IngamServer.arguments(folder, config, ports)));
    var begun = Child.startLogging("server", command, folder.log("server-" + ++starts));
    process = begun;
    return begun;
  }

  /// A server that was killed left them.
  private void deleteOldPorts() {
    try {
      Files.deleteIfExists(folder.ports());
    } catch (IOException e) {
      throw new DrillException("cannot delete " + folder.ports() + ": " + e, e);
    }
  }

  void killServer() {
    running().kill();
  }

  void stopServer() {
    running().close();
  }

  private Child running() {
    var now = process;
    if (now == null) {
      throw new DrillException("expected a server that was started");
    }
    return now;
  }

  /// Puts the clock that far from the true one.
  void putClock(Duration offset) {
    clock.putTo(offset);
    fakeTime.putTo(offset);
  }

  /// Sends a signal, by name, to the postmaster.
  void signalPostmaster(String signal) {
    signal(signal, List.of(postmaster()));
  }

  /// … to the postmaster and all that it has started.
  void signalDatabase(String signal) {
    var postmaster = postmaster();
    signal(signal, Stream.concat(Stream.of(postmaster), postmaster.children()).toList());
  }

  /// … to those of PostgreSQL's processes that serve a connection.
  void signalConnections(String signal) {
    signal(signal, postmaster().children().filter(SoakHost::servesConnection).toList());
  }

  /// PostgreSQL says what a process does where its arguments stood.
  private static boolean servesConnection(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
          .contains(" 127.0.0.1(");
    } catch (IOException e) {
      return false; // it ended meanwhile
    }
  }

  private ProcessHandle postmaster() {
    var file = folder.data().resolve("postgres").resolve("data").resolve("postmaster.pid");
    var text = WorkFolder.read(file);
    if (text == null) {
      throw new DrillException("expected a running PostgreSQL, found no " + file);
    }
    return ProcessHandle.of(Long.parseLong(text.lines().findFirst().orElse("").strip()))
        .orElseThrow(() -> new DrillException("the process that " + file + " names is gone"));
  }

  private static void signal(String signal, List<ProcessHandle> processes) {
    try {
      for (var process : processes) {
        // Who ended meanwhile needs none.
        var _ =
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
      }
    } catch (IOException e) {
      throw new DrillException("cannot send " + signal + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DrillException("stopped", e);
    }
  }

  /// Stops the server, a frozen PostgreSQL too; none starts afterwards.
  @Override
  public void close() {
    Child last;
    synchronized (this) {
      closed = true;
      last = process;
    }
    if (last != null && last.isAlive()) {
      try {
        signalDatabase("CONT");
      } finally {
        last.close();
      }
    }
  }
}
