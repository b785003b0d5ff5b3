package dev.ingam.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ingam.testkit.Until;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A guide's sample service in a process of its own, on a free port of loopback.
final class SampleService implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final Path log;
  private final URI page;

  /// How it is started.
  ///
  /// @param page the path that wants a token
  /// @param ready what its log says once it serves
  record Way(List<String> command, Path folder, String page, String ready) {}

  private SampleService(Process process, Path log, URI page) {
    this.process = process;
    this.log = log;
    this.page = page;
  }

  /// Starts it and waits until it serves.
  ///
  /// @param environment what it is told beside `PORT`, which `SERVER_PORT` says to Spring
  static SampleService start(Way way, Map<String, String> environment) throws IOException {
    var port = Integer.toString(freePort());
    var log = Files.createTempFile(way.folder(), "sample", ".log");
    var builder = new ProcessBuilder(way.command()).directory(way.folder().toFile());
    builder.environment().putAll(environment);
    builder.environment().putAll(Map.of("PORT", port, "SERVER_PORT", port));
    var process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    var service =
        new SampleService(process, log, URI.create("http://127.0.0.1:" + port + way.page()));
    try {
      Until.isTrue("the sample serves", PATIENCE, () -> service.says(way.ready()));
    } catch (AssertionError e) {
      service.close();
      throw e;
    }
    return service;
  }

  /// A Java 17, where there is one, since that is the oldest that samples are for; else this one.
  static String java() throws IOException {
    var jvms = Path.of("/usr/lib/jvm");
    var own = Path.of(System.getProperty("java.home"), "bin", "java");
    if (!Files.isDirectory(jvms)) {
      return own.toString();
    }
    try (Stream<Path> found = Files.list(jvms)) {
      return found
          .filter(path -> path.getFileName().toString().matches(".*\\b(jdk-?|java-|openjdk-)17.*"))
          .map(path -> path.resolve("bin/java"))
          .filter(Files::isExecutable)
          .findFirst()
          .orElse(own)
          .toString();
    }
  }

  HttpResponse<String> ask(@Nullable String token) {
    var request = HttpRequest.newBuilder(page).timeout(PATIENCE);
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(log(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  int status(@Nullable String token) {
    return ask(token).statusCode();
  }

  String log() {
    try {
      return Files.readString(log, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean says(String ready) {
    if (!process.isAlive()) {
      throw new AssertionError("the sample ended:\n" + log());
    }
    return log().contains(ready);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
