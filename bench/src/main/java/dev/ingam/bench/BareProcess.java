package dev.ingam.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A [BareServer] beside our server, on the same core, in a JVM with the same options.
final class BareProcess implements AutoCloseable {
  private final Process process;
  private final URI uri;

  private BareProcess(Process process, URI uri) {
    this.process = process;
    this.uri = uri;
  }

  static BareProcess start(ServerProcess server, List<String> arguments) throws IOException {
    var transport = server.transport();
    var words = new ArrayList<>(arguments);
    words.addAll(transport.bare());
    var process =
        new ProcessBuilder(server.commandOf(BareServer.class, words))
            .redirectError(ProcessBuilder.Redirect.appendTo(server.log()))
            .start();
    var out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (var line = out.readLine(); line != null; line = out.readLine()) {
      if (line.matches("[0-9]{1,5}")) {
        return new BareProcess(
            process, URI.create(transport.scheme() + "://127.0.0.1:" + line + "/"));
      }
    }
    process.destroy();
    throw new BenchException("The bare server did not start; see " + server.log());
  }

  URI uri() {
    return uri;
  }

  ProcessHandle process() {
    return process.toHandle();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }
}
