package dev.ingam.verifier;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// A real HTTP server of the JDK that does what a test tells it.
final class FakeServer implements AutoCloseable {
  /// One request as it came.
  record Request(
      String path, @Nullable String authorization, @Nullable String ifNoneMatch, byte[] body) {}

  /// An answer: `length` is what the header promises, -1 for chunks.
  record Reply(int status, byte[] body, long length) {
    static Reply of(int status, byte[] body) {
      return new Reply(status, body, body.length == 0 ? -1 : body.length);
    }
  }

  interface Behaviour {
    Reply answer(Request request, HttpExchange exchange) throws IOException, InterruptedException;
  }

  final List<Request> requests = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile Behaviour behaviour;

  FakeServer(Behaviour behaviour) {
    this.behaviour = behaviour;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  void now(Behaviour newBehaviour) {
    behaviour = newBehaviour;
  }

  URI address(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = exchange.getRequestHeaders();
      var request =
          new Request(
              exchange.getRequestURI().getPath(),
              headers.getFirst("Authorization"),
              headers.getFirst("If-None-Match"),
              exchange.getRequestBody().readAllBytes());
      requests.add(request);
      var reply = behaviour.answer(request, exchange);
      exchange.sendResponseHeaders(reply.status(), reply.length());
      exchange.getResponseBody().write(reply.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
