package dev.ingam.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ingam.server.door.ListenerName;
import dev.ingam.testkit.Until;
import dev.ingam.verifier.CachedKeySource;
import dev.ingam.verifier.CallerToken;
import dev.ingam.verifier.ClientCredential;
import dev.ingam.verifier.Expectation;
import dev.ingam.verifier.HttpLedgerClient;
import dev.ingam.verifier.PolledLedgerState;
import dev.ingam.verifier.Verifier;
import dev.ingam.wire.TrustLevel;
import dev.ingam.wire.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;

/// A service with the verifier library. Its way to `/ledger/redeem` can be cut; all else arrives.
final class DistantService implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpServer way;
  private final HttpLedgerClient ledger;
  private final PolledLedgerState state;
  private final Verifier verifier;
  private final TestServer server;
  volatile boolean cut;

  DistantService(TestServer server, String secret) throws IOException {
    this.server = server;
    way = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    way.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    way.createContext("/", this::forward);
    way.start();
    var internal = URI.create("http://127.0.0.1:" + way.getAddress().getPort());
    var caller =
        new CallerToken(
            URI.create(server.url(ListenerName.PUBLIC) + "/oauth2/token"),
            ClientCredential.secret("service", secret),
            "ingam:ledger",
            http,
            Clock.systemUTC());
    ledger = new HttpLedgerClient(internal, caller, http, new SecureRandom());
    state = new PolledLedgerState(internal, caller, http, Clock.systemUTC());
    var keys = new CachedKeySource(internal.resolve("/keys"), caller, http, Clock.systemUTC());
    verifier = Verifier.builder(keys, ledger, Clock.systemUTC()).ledgerState(state).build();
  }

  private void forward(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      if (cut && path.equals("/ledger/redeem")) {
        exchange.sendResponseHeaders(502, -1);
        return;
      }
      var request =
          HttpRequest.newBuilder(URI.create(server.url(ListenerName.INTERNAL) + path))
              .method(
                  exchange.getRequestMethod(),
                  BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
      for (var name : List.of("Authorization", "Content-Type", "If-None-Match")) {
        var value = exchange.getRequestHeaders().getFirst(name);
        if (value != null) {
          request.header(name, value);
        }
      }
      var answer = http.send(request.build(), BodyHandlers.ofByteArray());
      for (var name : List.of("ETag", "Cache-Control")) {
        answer
            .headers()
            .firstValue(name)
            .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
      }
      exchange.sendResponseHeaders(
          answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Verdict verify(String token) {
    return verifier.verify(
        token, new Expectation(server.url(ListenerName.PUBLIC), "shop", false, true));
  }

  void knows(TrustLevel level) {
    Until.isTrue("the service knows", Duration.ofSeconds(30), () -> state.trust("shop") == level);
  }

  @Override
  public void close() {
    ledger.close();
    state.close();
    way.stop(0);
    http.close();
  }
}
