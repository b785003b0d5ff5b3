package dev.ingam.drill.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A small HTTP server on 127.0.0.1: one handler for all paths, a virtual thread for each request.
/// The process that opens one should set `sun.net.httpserver.nodelay`, else kept-alive answers wait
/// for 40 ms.
public final class HttpDoor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpDoor.class);
  private static final int MAX_BODY = 16 * 1024;

  private final HttpServer server;
  private final ExecutorService threads;

  /// What came in; the path is as sent, not decoded.
  public record Ask(String method, String path, Map<String, String> headers, byte[] body) {
    public String header(String lowerCaseName) {
      return headers.getOrDefault(lowerCaseName, "");
    }
  }

  /// Answers one request; called by many threads.
  @FunctionalInterface
  public interface Handler {
    Reply answer(Ask ask);
  }

  private HttpDoor(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /// Opens a free port.
  public static HttpDoor open(Handler handler) {
    try {
      var server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
      var threads = Executors.newVirtualThreadPerTaskExecutor();
      server.setExecutor(threads);
      server.createContext("/", exchange -> serve(exchange, handler));
      server.start();
      return new HttpDoor(server, threads);
    } catch (IOException e) {
      throw new DrillException("cannot listen on 127.0.0.1: " + e.getMessage(), e);
    }
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public static Reply json(int status, Json body) {
    return new Reply(
        status,
        Map.of("content-type", "application/json"),
        (body + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static void serve(HttpExchange exchange, Handler handler) throws IOException {
    try (exchange) {
      var reply = answer(exchange, handler);
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(
          reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
      exchange.getResponseBody().write(reply.body());
    }
  }

  private static Reply answer(HttpExchange exchange, Handler handler) throws IOException {
    var body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      return json(413, Json.empty().with("error", "too_large"));
    }
    var ask =
        new Ask(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getRawPath(),
            headers(exchange),
            body);
    try {
      return handler.answer(ask);
    } catch (DrillException e) {
      log.atWarn().addKeyValue("why", e.getMessage()).log("no answer from behind");
      return json(502, Json.empty().with("error", "bad_gateway"));
    } catch (RuntimeException e) {
      log.error("a handler failed", e);
      return json(500, Json.empty().with("error", "internal"));
    }
  }

  private static Map<String, String> headers(HttpExchange exchange) {
    return exchange.getRequestHeaders().entrySet().stream()
        .collect(
            Collectors.toMap(
                header -> header.getKey().toLowerCase(Locale.ROOT),
                header -> header.getValue().getFirst(),
                (first, second) -> first));
  }
}
