package dev.ingam.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// A server that answers as docs/spec/admin-api.md says, with answers laid out before; its data
/// folder names its port.
final class StubServer implements AutoCloseable {
  static final String CREDENTIAL = "ingam_root_0123456789012345678901234567890123456789012";
  private static final String ID = "00112233445566778899aabbccddeeff";

  record Call(String method, String path, Json body, String authorization) {}

  private record Laid(int status, String body) {}

  private final Map<String, Laid> answers = new HashMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final Path folder;

  StubServer(Path folder) throws IOException {
    this.folder = folder;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
    Files.createDirectories(dataDir().resolve("run"));
    Files.createDirectories(secretsDir().resolve(ID));
    Files.writeString(dataDir().resolve("installation"), "{\"id\":\"" + ID + "\"}");
    Files.writeString(secretsDir().resolve(ID).resolve("root-credential"), CREDENTIAL + "\n");
    writePorts(ProcessHandle.current().pid());
  }

  void writePorts(long pid) throws IOException {
    var port = server.getAddress().getPort();
    Files.writeString(
        dataDir().resolve("run").resolve("ports.json"),
        "{\"public\":%1$d,\"internal\":%1$d,\"admin\":%1$d,\"pid\":%2$d}".formatted(port, pid));
  }

  Path dataDir() {
    return folder.resolve("data");
  }

  Path secretsDir() {
    return folder.resolve("secrets");
  }

  StubServer answers(String call, int status, String body) {
    answers.put(call, new Laid(status, body));
    return this;
  }

  List<Call> calls() {
    return calls;
  }

  Call lastCall() {
    return calls.getLast();
  }

  private void handle(HttpExchange exchange) throws IOException {
    var bytes = exchange.getRequestBody().readAllBytes();
    var call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    var authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    var body =
        JsonReader.read(bytes).orElse(new Json.Text(new String(bytes, StandardCharsets.UTF_8)));
    calls.add(
        new Call(
            exchange.getRequestMethod(), exchange.getRequestURI().toString(), body, authorization));
    var missing =
        "{\"error\":\"not_found\",\"error_description\":\"No answer laid for " + call + "\"}";
    var laid = answers.getOrDefault(call, new Laid(404, missing));
    var out = laid.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(laid.status(), out.length == 0 ? -1 : out.length);
    exchange.getResponseBody().write(out);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
