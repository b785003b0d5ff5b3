package dev.ingam.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A [BareServer] beside our server, on the same core, in a JVM with the same options. Its standard
/// input is our pipe: it ends with this process.
final class BareProcess implements AutoCloseable {
  private static final long START_SECONDS = 60;
  private static final long STOP_SECONDS = 30;
  private static final String NONE = "";

  private final Process process;
  private final URI uri;

  private BareProcess(Process process, URI uri) {
    this.process = process;
    this.uri = uri;
  }

  static BareProcess start(ServerProcess server, List<String> arguments)
      throws IOException, InterruptedException {
    var transport = server.transport();
    var words = new ArrayList<>(arguments);
    words.addAll(transport.bare());
    var process =
        new ProcessBuilder(server.commandOf(BareServer.class, words))
            .redirectError(ProcessBuilder.Redirect.appendTo(server.log()))
            .start();
    try {
      var port = port(process, server);
      return new BareProcess(
          process, URI.create(transport.scheme() + "://127.0.0.1:" + port + "/"));
    } catch (BenchException | InterruptedException e) {
      stop(process);
      throw e;
    }
  }

  private static String port(Process process, ServerProcess server) throws InterruptedException {
    var said = new LinkedBlockingQueue<String>();
    Thread.ofVirtual().start(() -> said.add(firstNumber(process)));
    var port = said.poll(START_SECONDS, TimeUnit.SECONDS);
    if (port == null || port.equals(NONE)) {
      throw new BenchException("The bare server said no port; see " + server.log());
    }
    return port;
  }

  private static String firstNumber(Process process) {
    var out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    try {
      return out.lines().filter(line -> line.matches("[0-9]{1,5}")).findFirst().orElse(NONE);
    } catch (UncheckedIOException e) {
      return NONE;
    }
  }

  URI uri() {
    return uri;
  }

  ProcessHandle process() {
    return process.toHandle();
  }

  @Override
  public void close() throws InterruptedException {
    stop(process);
  }

  private static void stop(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
