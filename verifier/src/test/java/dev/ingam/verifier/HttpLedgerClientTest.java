package dev.ingam.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.verifier.FakeServer.Reply;
import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.LedgerMessages;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Serial;
import java.io.IOException;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HttpLedgerClientTest {
  private static final LedgerMessages MESSAGES = new LedgerMessages();
  private static final BearerSource BEARER = new Bearer("caller-token");

  private final FakeServer server = new FakeServer((request, exchange) -> accepted(request));
  private final HttpLedgerClient client =
      new HttpLedgerClient(
          server.address("/"), BEARER, HttpClient.newHttpClient(), new SecureRandom());
  private int number;

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void redeem_accepted() {
    assertThat(client.redeem(item()).accepted()).isTrue();
    var request = server.requests.get(0);
    assertThat(request.path()).isEqualTo("/ledger/redeem");
    assertThat(request.authorization()).isEqualTo("Bearer caller-token");
  }

  @Test
  void lookup_refused() {
    server.now((request, exchange) -> answers(request, Reason.ALTERED));
    assertThat(client.lookup(item()).reason()).isEqualTo(Reason.ALTERED);
    assertThat(server.requests.get(0).path()).isEqualTo("/ledger/lookup");
  }

  @Test
  void redeem_fromManyThreads_eachHasItsOwnAnswer() throws Exception {
    // Every third is refused, by its number, so that a swapped answer shows.
    server.now((request, exchange) -> {
      var list = new ArrayList<LedgerAnswer>();
      for (var each : items(request)) {
        var refused = Serial.parse(each.requestId()).check() % 3 == 0;
        list.add(new LedgerAnswer(each.requestId(), refused ? Reason.NOT_ISSUED : null));
      }
      return Reply.of(200, MESSAGES.writeAnswers(list));
    });
    var work = new ArrayList<Callable<LedgerAnswer>>();
    for (var i = 0; i < 1000; i++) {
      var item = item();
      work.add(() -> client.redeem(item));
    }
    var threads = Executors.newFixedThreadPool(64);
    try {
      for (var done : threads.invokeAll(work)) {
        var answer = done.get();
        var refused = Serial.parse(answer.requestId()).check() % 3 == 0;
        assertThat(answer.reason()).isEqualTo(refused ? Reason.NOT_ISSUED : null);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(server.requests).allMatch(request -> items(request).size() <= 256);
    assertThat(server.requests.stream().mapToInt(request -> items(request).size()).sum())
        .isGreaterThanOrEqualTo(1000);
  }

  /// While all senders are on the way, what comes waits together and goes together.
  @Test
  void redeem_whileOthersAreOnTheWay_goesInBatches() throws Exception {
    var arrived = new CountDownLatch(4);
    var leave = new CountDownLatch(1);
    server.now((request, exchange) -> {
      arrived.countDown();
      leave.await();
      return accepted(request);
    });
    var threads = Executors.newCachedThreadPool();
    try {
      var answers = new ArrayList<java.util.concurrent.Future<LedgerAnswer>>();
      for (var i = 0; i < 4; i++) {
        var item = item();
        answers.add(threads.submit(() -> client.redeem(item)));
        awaitRequests(i + 1);
      }
      assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
      var started = new CountDownLatch(100);
      for (var i = 0; i < 100; i++) {
        var item = item();
        answers.add(
            threads.submit(() -> {
              started.countDown();
              return client.redeem(item);
            }));
      }
      started.await();
      leave.countDown();
      for (var answer : answers) {
        assertThat(answer.get().accepted()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(server.requests.size()).isLessThan(104);
  }

  static Stream<Named<FakeServer.Behaviour>> badAnswers() {
    var behaviours =
        Map.<String, FakeServer.Behaviour>ofEntries(
            Map.entry("500", (request, exchange) -> Reply.of(500, new byte[0])),
            Map.entry("503 with an answer", (request, exchange) -> status(503, request)),
            Map.entry("201 with an answer", (request, exchange) -> status(201, request)),
            Map.entry("401", (request, exchange) -> Reply.of(401, new byte[0])),
            Map.entry("redirect", HttpLedgerClientTest::redirect),
            Map.entry("nothing", (request, exchange) -> Reply.of(200, new byte[0])),
            Map.entry("no JSON", (request, exchange) -> text("<html>ok</html>")),
            Map.entry("missing item", (request, exchange) -> text("{\"answers\":[]}")),
            Map.entry("another's id", (request, exchange) -> otherId(request, false)),
            Map.entry("ours and another's id", (request, exchange) -> otherId(request, true)),
            Map.entry("same id twice", (request, exchange) -> twice(request)),
            Map.entry(
                "unknown verdict", (request, exchange) -> replaced(request, "accepted", "ok")),
            Map.entry("truncated JSON", (request, exchange) -> cut(request)),
            Map.entry("shorter than promised", (request, exchange) -> promised(request)),
            Map.entry("connection closed", HttpLedgerClientTest::dropped),
            Map.entry("five megabytes", (request, exchange) -> text(" ".repeat(5 << 20))));
    return behaviours.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> Named.of(entry.getKey(), entry.getValue()));
  }

  @ParameterizedTest
  @MethodSource("badAnswers")
  void redeem_badAnswer_refuses(FakeServer.Behaviour behaviour) {
    server.now(behaviour);
    assertThat(client.redeem(item()).reason()).isEqualTo(Reason.LEDGER_UNAVAILABLE);
    assertThat(server.requests.size()).isBetween(1, 4);
    server.now((request, exchange) -> accepted(request));
    assertThat(client.redeem(item()).accepted()).isTrue();
  }

  @Test
  void redeem_serverNeverAnswers() {
    var never = new CountDownLatch(1);
    server.now((request, exchange) -> {
      never.await();
      return accepted(request);
    });
    assertThat(client.redeem(item()).reason()).isEqualTo(Reason.LEDGER_UNAVAILABLE);
    never.countDown();
  }

  /// The headers come at once and the body by and by: the deadline is on the whole.
  @Test
  void redeem_serverDrips() {
    var stop = new CountDownLatch(1);
    server.now((request, exchange) -> {
      exchange.sendResponseHeaders(200, 0);
      for (var i = 0; i < 1000 && !stop.await(50, TimeUnit.MILLISECONDS); i++) {
        exchange.getResponseBody().write(' ');
        exchange.getResponseBody().flush();
      }
      throw new IOException("stopped");
    });
    assertThat(client.redeem(item()).reason()).isEqualTo(Reason.LEDGER_UNAVAILABLE);
    stop.countDown();
  }

  @Test
  void redeem_noServer() {
    server.close();
    assertThat(client.redeem(item()).reason()).isEqualTo(Reason.LEDGER_UNAVAILABLE);
  }

  @Test
  void redeem_firstTryFails_secondHasTheSameIds() {
    var tries = new AtomicInteger();
    server.now((request, exchange) ->
        tries.incrementAndGet() == 1 ? Reply.of(502, new byte[0]) : accepted(request));
    assertThat(client.redeem(item()).accepted()).isTrue();
    assertThat(server.requests).hasSize(2);
    assertThat(server.requests.get(0).body()).isEqualTo(server.requests.get(1).body());
  }

  @Test
  void redeem_withoutCallerToken() {
    try (var tokenless =
        new HttpLedgerClient(
            server.address(""), new Bearer(null), HttpClient.newHttpClient(), new SecureRandom())) {
      assertThat(tokenless.redeem(item()).reason()).isEqualTo(Reason.LEDGER_UNAVAILABLE);
    }
    assertThat(server.requests).isEmpty();
  }

  @Test
  void redeem_closed() {
    client.close();
    assertThat(client.redeem(item()).reason()).isEqualTo(Reason.LEDGER_UNAVAILABLE);
    assertThat(client.lookup(item()).reason()).isEqualTo(Reason.LEDGER_UNAVAILABLE);
  }

  @Test
  void close_whileWaiting() throws Exception {
    var never = new CountDownLatch(1);
    server.now((request, exchange) -> {
      never.await();
      return accepted(request);
    });
    var thread = Executors.newSingleThreadExecutor();
    try {
      var item = item();
      var answer = thread.submit(() -> client.redeem(item));
      awaitRequests(1);
      client.close();
      assertThat(answer.get(20, TimeUnit.SECONDS).reason()).isEqualTo(Reason.LEDGER_UNAVAILABLE);
    } finally {
      never.countDown();
      thread.shutdownNow();
    }
  }

  @Test
  void redeem_interrupted() {
    Thread.currentThread().interrupt();
    assertThat(client.redeem(item()).reason()).isEqualTo(Reason.LEDGER_UNAVAILABLE);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void report_reachesTheServer() throws Exception {
    var seen = new LinkedBlockingQueue<LedgerItem>();
    server.now((request, exchange) -> {
      assertThat(request.path()).isEqualTo("/ledger/report");
      seen.addAll(items(request));
      return answers(request, Reason.NOT_ISSUED);
    });
    var issuer = new TestIssuer();
    var token = issuer.token(1, 2);
    client.report("junk");
    client.report(token);
    var first = seen.poll(20, TimeUnit.SECONDS);
    assertThat(first.token()).isEqualTo(token);
    assertThat(Serial.parse(first.jti())).isNotNull();
    var odd = issuer.jws("{}", "{\"jti\":\"a b\"}");
    client.report(odd);
    var second = seen.poll(20, TimeUnit.SECONDS);
    assertThat(second.token()).isEqualTo(odd);
    assertThat(second.jti()).isEmpty();
  }

  /// Reports never hold up the caller, however many there are.
  @Test
  void report_whenNobodyAnswers_returnsAtOnce() {
    var never = new CountDownLatch(1);
    server.now((request, exchange) -> {
      never.await();
      return accepted(request);
    });
    var token = new TestIssuer().token(1, 2);
    for (var i = 0; i < 3000; i++) {
      client.report(token);
    }
    assertThat(server.requests.size()).isLessThanOrEqualTo(3);
    never.countDown();
  }

  private LedgerItem item() {
    var serial = new Serial(1, 2, ++number).toString();
    return new LedgerItem(serial, serial, false, "a.b.c");
  }

  private void awaitRequests(int count) throws InterruptedException {
    for (var i = 0; i < 2000 && server.requests.size() < count; i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(server.requests.size()).isGreaterThanOrEqualTo(count);
  }

  private static List<LedgerItem> items(FakeServer.Request request) {
    return ((LedgerMessages.Request) MESSAGES.readRequest(request.body())).items();
  }

  private static Reply accepted(FakeServer.Request request) {
    return answers(request, null);
  }

  private static Reply answers(FakeServer.Request request, Reason reason) {
    return Reply.of(200, body(request, reason));
  }

  private static byte[] body(FakeServer.Request request, Reason reason) {
    return MESSAGES.writeAnswers(
        items(request).stream().map(item -> new LedgerAnswer(item.requestId(), reason)).toList());
  }

  private static Reply status(int status, FakeServer.Request request) {
    return Reply.of(status, body(request, null));
  }

  private static Reply text(String text) {
    return Reply.of(200, text.getBytes(UTF_8));
  }

  private static Reply otherId(FakeServer.Request request, boolean withOurs) {
    var list = new ArrayList<LedgerAnswer>();
    if (withOurs) {
      items(request).forEach(item -> list.add(new LedgerAnswer(item.requestId(), null)));
    }
    list.add(new LedgerAnswer(new Serial(0, 0, 0).toString(), null));
    return Reply.of(200, MESSAGES.writeAnswers(list));
  }

  private static Reply twice(FakeServer.Request request) {
    var one = new String(body(request, null), UTF_8);
    var inner = one.substring(one.indexOf('[') + 1, one.lastIndexOf(']'));
    return text("{\"answers\":[" + inner + "," + inner + "]}");
  }

  private static Reply replaced(FakeServer.Request request, String from, String to) {
    return text(new String(body(request, null), UTF_8).replace(from, to));
  }

  private static Reply cut(FakeServer.Request request) {
    var whole = new String(body(request, null), UTF_8);
    return text(whole.substring(0, whole.length() - 2));
  }

  private static Reply promised(FakeServer.Request request) {
    var whole = body(request, null);
    return new Reply(200, whole, whole.length + 10);
  }

  private static Reply dropped(FakeServer.Request request, Object exchange) throws IOException {
    throw new IOException("dropped " + request.path());
  }

  private static Reply redirect(
      FakeServer.Request request, com.sun.net.httpserver.HttpExchange exchange) {
    exchange.getResponseHeaders().set("Location", "/elsewhere");
    return Reply.of(302, body(request, null));
  }

  private record Bearer(String current) implements BearerSource {
    @Override
    public void refused(String token) {
      assertThat(token).isEqualTo(current);
    }
  }
}
