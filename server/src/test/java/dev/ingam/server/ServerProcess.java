package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.testkit.Until;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/// The server as a process of its own, with a test's folders.
final class ServerProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /// The same over restarts, whatever the ports are.
  static final String ISSUER = "https://ingam.example";

  private final Process process;
  private final Path home;

  private ServerProcess(Process process, Path home) {
    this.process = process;
    this.home = home;
  }

  /// Starts it with these words after `serve`; its output goes to files of the folder.
  static ServerProcess launch(Path home, List<String> words) throws IOException {
    return run(home, command(words));
  }

  /// Starts it where no file may grow past so many bytes: as a disk that is full.
  static ServerProcess launchWithin(int kibibytes, Path home) throws IOException {
    var limited =
        new ArrayList<>(List.of("bash", "-c", "ulimit -f " + kibibytes + "; exec \"$@\"", "-"));
    limited.addAll(command(folders(home)));
    return run(home, limited);
  }

  /// Starts it with what the shell says to do before, and waits until its doors are open.
  static ServerProcess readyAfter(String before, Path home) throws IOException {
    var shell = new ArrayList<>(List.of("bash", "-c", before + "; exec \"$@\"", "-"));
    shell.addAll(command(folders(home)));
    return run(home, shell).awaited();
  }

  private static List<String> command(List<String> words) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseParallelGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-XX:-HeapDumpOnOutOfMemoryError",
                "-Djdk.serialFilter=!*",
                "-Dlogging.level.root=warn",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.ingam.server.ServerMain"));
    command.addAll(words);
    return command;
  }

  private static ServerProcess run(Path home, List<String> command) throws IOException {
    Files.createDirectories(home);
    var process =
        new ProcessBuilder(command)
            .redirectOutput(home.resolve("out.txt").toFile())
            .redirectError(home.resolve("err.txt").toFile())
            .start();
    return new ServerProcess(process, home);
  }

  /// Starts it on the folder and waits until its doors are open.
  static ServerProcess ready(Path home) throws IOException {
    Files.deleteIfExists(home.resolve("data/run/ports.json"));
    return launch(home, folders(home)).awaited();
  }

  /// Starts it on the folder with these settings too and waits until its doors are open.
  static ServerProcess ready(Path home, Map<String, String> settings) throws IOException {
    var command = command(folders(home));
    settings.forEach((name, value) -> command.add(1, "-D" + name + "=" + value));
    return run(home, command).awaited();
  }

  private ServerProcess awaited() {
    Until.isTrue("ready or ended", PATIENCE, () -> isReady() || !process.isAlive());
    assertThat(process.isAlive()).as(err()).isTrue();
    return this;
  }

  private static List<String> folders(Path home) throws IOException {
    var config = Files.writeString(home.resolve("ingam.yml"), "ingam:\n  issuer: " + ISSUER + "\n");
    return List.of(
        "--data-dir=" + home.resolve("data"),
        "--secrets-dir=" + home.resolve("secrets"),
        "--public-port=0",
        "--internal-port=0",
        "--admin-port=0",
        "--config=" + config);
  }

  private boolean isReady() {
    return Files.exists(home.resolve("data/run/ports.json")) && out().contains("Ingam is ready");
  }

  /// The address of a listener: `public`, `internal` or `admin`.
  URI url(String listener) throws IOException {
    var ports = new JsonMapper().readTree(home.resolve("data/run/ports.json").toFile());
    return URI.create("http://127.0.0.1:" + ports.get(listener).asInt());
  }

  String out() {
    return read("out.txt");
  }

  String err() {
    return read("err.txt");
  }

  private String read(String file) {
    try {
      return Files.readString(home.resolve(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Waits for its end.
  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("ended").isTrue();
    return process.exitValue();
  }

  /// SIGTERM.
  void terminate() {
    process.destroy();
  }

  /// SIGKILL.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    exitCode();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    exitCode();
  }
}
