package dev.ingam.bench;

import dev.ingam.wire.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Our server as `ingam serve` starts it, a child process alone on core 0.
final class ServerProcess implements AutoCloseable {
  private static final String MAIN = "dev.ingam.server.ServerMain";
  private static final long START_NANOS = 120_000_000_000L;
  private static final long STOP_SECONDS = 60;
  private static final long POLL_MILLIS = 10;
  private static final String JAVA_OPTIONS = "JDK_JAVA_OPTIONS";

  private final Process process;
  private final Path folder;
  private final Pinning pinning;
  private final Transport transport;
  private final JsonObject ports;

  private ServerProcess(
      Process process, Path folder, Pinning pinning, Transport transport, JsonObject ports) {
    this.process = process;
    this.folder = folder;
    this.pinning = pinning;
    this.transport = transport;
    this.ports = ports;
  }

  /// Starts a server on `folder/data` and waits until its doors are open.
  ///
  /// @throws BenchException when it does not start, with what it said
  static ServerProcess start(Path home, Path folder, Pinning pinning, Transport transport)
      throws Exception {
    var log = folder.resolve("server.log");
    var process = process(command(home, folder, pinning, transport), log);
    try {
      var ports = awaitPorts(process, folder.resolve("data/run/ports.json"), log);
      var server = new ServerProcess(process, folder, pinning, transport, ports);
      server.moveDatabase();
      return server;
    } catch (Exception e) {
      stop(process);
      throw e;
    }
  }

  /// @throws BenchException when it or Linux's `/proc`, by which it is measured, is missing
  static void expectLauncher(Path home) {
    if (!Files.isExecutable(launcher(home))) {
      throw new BenchException(
          "Expected the launcher at " + launcher(home) + "; run ./ingam bench");
    }
    if (!Files.isReadable(Path.of("/proc/self/status"))) {
      throw new BenchException(
          "The HTTP benches read memory and options of the server from /proc; run them on Linux");
    }
  }

  static Path launcher(Path home) {
    return home.resolve("../../ingam").normalize();
  }

  private static List<String> command(
      Path home, Path folder, Pinning pinning, Transport transport) {
    var command = new ArrayList<>(pinning.onServerCore());
    command.addAll(List.of(launcher(home).toString(), "serve"));
    command.addAll(transport.serving());
    command.addAll(List.of("--data-dir", folder.resolve("data").toString()));
    command.addAll(List.of("--secrets-dir", folder.resolve("secrets").toString()));
    command.addAll(List.of("--public-port", "0", "--internal-port", "0", "--admin-port", "0"));
    return command;
  }

  /// A server that ends with this process, whatever kills it: its standard input is our pipe.
  private static Process process(List<String> command, Path log) throws IOException {
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    process
        .environment()
        .merge(JAVA_OPTIONS, "-Dingam.stop-with-input=true", (ours, more) -> ours + " " + more);
    return process.start();
  }

  private static JsonObject awaitPorts(Process process, Path file, Path log) throws Exception {
    var begin = System.nanoTime();
    while (System.nanoTime() - begin < START_NANOS) {
      var ports = Files.exists(file) ? JsonObject.read(Files.readAllBytes(file)) : null;
      if (ports != null && Long.valueOf(process.pid()).equals(ports.number("pid"))) {
        return ports;
      }
      if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new BenchException("The server did not start: " + Files.readString(log));
      }
    }
    throw new BenchException("The server was not ready in two minutes: " + Files.readString(log));
  }

  /// PostgreSQL inherits the server's core; it and whatever it starts later go to the other.
  private void moveDatabase() throws IOException, InterruptedException {
    for (var pid : databasePids()) {
      pinning.moveToClientCore(pid);
    }
  }

  private List<Long> databasePids() {
    return process.descendants().map(ProcessHandle::pid).toList();
  }

  Transport transport() {
    return transport;
  }

  Path folder() {
    return folder;
  }

  URI publicUri(String path) {
    return uri("public", path);
  }

  URI internalUri(String path) {
    return uri("internal", path);
  }

  URI adminUri(String path) {
    return uri("admin", path);
  }

  private URI uri(String listener, String path) {
    return URI.create(transport.scheme() + "://127.0.0.1:" + ports.number(listener) + path);
  }

  /// What root presents at the admin listener.
  String rootCredential() throws IOException {
    try (var files = Files.find(folder.resolve("secrets"), 2, (file, a) -> isCredential(file))) {
      var file = files.findFirst();
      if (file.isEmpty()) {
        throw new BenchException("The server made no root credential in its secrets folder");
      }
      return Files.readString(file.get()).strip();
    }
  }

  private static boolean isCredential(Path file) {
    return file.getFileName().toString().equals("root-credential");
  }

  ProcessHandle process() {
    return process.toHandle();
  }

  /// @throws BenchException when it cannot be read: no memory would be the best figure of all
  Memory memory() {
    var memory = Memory.of(process.pid());
    expectSome(memory.anonymous(), "the server");
    return memory;
  }

  /// Megabytes of PostgreSQL's processes, shared buffers counted once.
  ///
  /// @throws BenchException when they cannot be read
  double databaseMegabytes() {
    var megabytes = databasePids().stream().mapToDouble(Memory::proportional).sum();
    expectSome(megabytes, "PostgreSQL");
    return megabytes;
  }

  private static void expectSome(double megabytes, String whose) {
    if (megabytes <= 0) {
      throw new BenchException("The memory of " + whose + " cannot be read from /proc");
    }
  }

  /// The command of another main class in a JVM with the same options as this one; but the class
  /// archive is the server's alone.
  List<String> commandOf(Class<?> main, List<String> arguments) throws IOException {
    var bytes = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
    var words = Arrays.asList(new String(bytes, StandardCharsets.UTF_8).split("\0", 0));
    var at = words.indexOf(MAIN);
    if (at < 0) {
      throw new BenchException("The server's command line names no " + MAIN + ": " + words);
    }
    var command = new ArrayList<>(pinning.onServerCore());
    words.subList(0, at).stream().filter(word -> !word.contains("Archive")).forEach(command::add);
    command.add(main.getName());
    command.addAll(arguments);
    return command;
  }

  File log() {
    return folder.resolve("server.log").toFile();
  }

  /// Asks for a clean stop and waits for it.
  @Override
  public void close() throws InterruptedException {
    stop(process);
  }

  private static void stop(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      var below = process.descendants().toList();
      process.destroyForcibly().waitFor();
      below.forEach(ProcessHandle::destroy);
      throw new BenchException("The server did not stop within a minute of SIGTERM");
    }
  }
}
