package dev.ingam.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs `wrk` with 64 connections on core 1.
final class Wrk {
  static final int CONNECTIONS = 64;

  private final Pinning pinning;
  private final Path script;

  private Wrk(Pinning pinning, Path script) {
    this.pinning = pinning;
    this.script = script;
  }

  /// @throws BenchException when `wrk` is not installed
  static void expectInstalled() {
    if (!Pinning.isInstalled("wrk")) {
      throw new BenchException(
          "The HTTP benches need wrk, which is not in PATH: apt install wrk (Debian, Ubuntu)");
    }
  }

  static Wrk in(Path folder, Pinning pinning) throws IOException {
    var script = folder.resolve("load.lua");
    try (var source = Wrk.class.getResourceAsStream("load.lua")) {
      if (source == null) {
        throw new BenchException("load.lua is missing in the bench's jar; build it again");
      }
      Files.write(script, source.readAllBytes());
    }
    return new Wrk(pinning, script);
  }

  /// Posts one form again and again.
  WrkResult post(URI uri, String body, String authorization, double seconds) throws Exception {
    return run(uri, seconds, List.of("form", body, authorization));
  }

  /// Presents each token of a file once, for a request to `forwarded`.
  WrkResult present(URI uri, Path tokens, String forwarded, double seconds) throws Exception {
    return run(uri, seconds, List.of("tokens", tokens.toString(), forwarded));
  }

  /// Presents the tokens of a file again and again, for a request to `forwarded`.
  WrkResult presentAgain(URI uri, Path tokens, String forwarded, double seconds) throws Exception {
    return run(uri, seconds, List.of("again", tokens.toString(), forwarded));
  }

  /// Introspects each token of a file once.
  WrkResult introspect(URI uri, Path tokens, String authorization, double seconds)
      throws Exception {
    return run(uri, seconds, List.of("introspect", tokens.toString(), authorization));
  }

  private WrkResult run(URI uri, double seconds, List<String> arguments) throws Exception {
    var command = new ArrayList<>(pinning.onClientCore());
    command.addAll(List.of("wrk", "-t", "1", "-c", Integer.toString(CONNECTIONS)));
    command.addAll(List.of("-d", Math.max(1, Math.round(seconds)) + "s"));
    command.addAll(List.of("-s", script.toString(), uri.toString(), "--"));
    command.addAll(arguments);
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return WrkResult.parse(output);
    } finally {
      process.destroy();
    }
  }
}
