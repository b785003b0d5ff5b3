package dev.ingam.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.ingam.verifier.FakeServer.Reply;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.LedgerState;
import dev.ingam.wire.LoweredTrust;
import dev.ingam.wire.SerialRange;
import dev.ingam.wire.TrustLevel;
import dev.ingam.wire.Watermark;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PolledLedgerStateTest {
  private static final LedgerState QUIET =
      new LedgerState(Base64Url.encode(new byte[32]), List.of());
  private static final LedgerState ALL_REVOKED =
      new LedgerState(
          QUIET.subjectKey(),
          List.of(new Watermark(Watermark.Target.ALL, "", List.of(SerialRange.whole(7)), null)));

  private final MovableClock clock = new MovableClock(1_764_000_000);
  private final List<String> refused = new CopyOnWriteArrayList<>();
  private volatile LedgerState state = QUIET;
  private final FakeServer server = new FakeServer(this::serve);
  private final AtomicInteger bearersAsked = new AtomicInteger();
  private volatile @Nullable String bearer = "t";
  private final PolledLedgerState polled =
      new PolledLedgerState(server.address("/"), new Bearer(), HttpClient.newHttpClient(), clock);

  private final class Bearer implements BearerSource {
    @Override
    public @Nullable String current() {
      bearersAsked.incrementAndGet();
      return bearer;
    }

    @Override
    public void refused(String token) {
      refused.add(token);
    }
  }

  private Reply serve(FakeServer.Request request, HttpExchange exchange) {
    var tag = "\"" + state.hashCode() + "\"";
    exchange.getResponseHeaders().set("ETag", tag);
    return tag.equals(request.ifNoneMatch())
        ? new Reply(304, new byte[0], -1)
        : Reply.of(200, state.toJson());
  }

  @AfterEach
  void close() {
    polled.close();
    server.close();
  }

  private static void await(String what, BooleanSupplier condition) {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @Test
  void newState_isKnownWithoutBeingAskedFor() {
    await("the first", () -> QUIET.equals(polled.current()));
    state = ALL_REVOKED;
    await("the next", () -> ALL_REVOKED.equals(polled.current()));
    assertThat(server.requests.get(0).path()).isEqualTo("/ledger/state");
    assertThat(server.requests.get(0).authorization()).isEqualTo("Bearer t");
    assertThat(server.requests.get(0).ifNoneMatch()).isNull();
  }

  /// Whom his certificate names needs no token.
  @Test
  void noneIsNeeded_isAskedWithoutOne() {
    bearer = null;
    try (var byCertificate =
        new PolledLedgerState(
            server.address("/"), BearerSource.none(), HttpClient.newHttpClient(), clock)) {
      await("the first", () -> QUIET.equals(byCertificate.current()));
      assertThat(server.requests).anyMatch(request -> request.authorization() == null);
    }
  }

  @Test
  void unchangedState_isConfirmedByItsTag() {
    await("the first", () -> polled.current() != null);
    var first = polled.current();
    clock.move(Duration.ofSeconds(30));
    await("confirmed", () -> polled.age().orElseThrow().isZero());
    assertThat(polled.current()).isSameAs(first);
    assertThat(server.requests.get(server.requests.size() - 1).ifNoneMatch()).isNotNull();
  }

  @Test
  void silentServer_leavesTheLastStateAndItsAge() {
    await("the first", () -> polled.current() != null);
    server.now((request, exchange) -> Reply.of(500, new byte[0]));
    var before = server.requests.size();
    await("asked again", () -> server.requests.size() > before + 1);
    clock.move(Duration.ofSeconds(30));
    assertThat(polled.current()).isEqualTo(QUIET);
    assertThat(polled.age()).contains(Duration.ofSeconds(30));
  }

  /// A lowered level counts for ten seconds after the server last said so, and to its end.
  @Test
  void trust_isRequiredOnceTheStateIsOld() {
    var now = clock.instant().getEpochSecond();
    await("the first", () -> polled.current() != null);
    assertThat(polled.trust("a")).isEqualTo(TrustLevel.REQUIRED);
    state =
        QUIET.withTrust(
            List.of(
                new LoweredTrust("a", TrustLevel.OBSERVE, now + 60),
                new LoweredTrust("b", TrustLevel.OFF, now + 5),
                new LoweredTrust("far", TrustLevel.OFF, now + 15 * 86_400)));
    await("lowered", () -> polled.trust("a") == TrustLevel.OBSERVE);
    assertThat(polled.trust("b")).isEqualTo(TrustLevel.OFF);
    assertThat(polled.trust("c")).isEqualTo(TrustLevel.REQUIRED);
    assertThat(polled.trust("far")).isEqualTo(TrustLevel.REQUIRED);

    server.now((request, exchange) -> Reply.of(500, new byte[0]));
    var before = server.requests.size();
    await("asked again", () -> server.requests.size() > before + 1);
    clock.move(Duration.ofSeconds(5));
    assertThat(polled.trust("b")).isEqualTo(TrustLevel.REQUIRED);
    clock.move(Duration.ofSeconds(5));
    assertThat(polled.trust("a")).isEqualTo(TrustLevel.OBSERVE);
    clock.move(Duration.ofMillis(1));
    assertThat(polled.trust("a")).isEqualTo(TrustLevel.REQUIRED);
    clock.move(Duration.ofSeconds(-11));
    assertThat(polled.trust("a")).isEqualTo(TrustLevel.REQUIRED);

    clock.move(Duration.ofSeconds(11));
    server.now(this::serve);
    await("fresh again", () -> polled.trust("a") == TrustLevel.OBSERVE);
  }

  @Test
  void unreadableState_isNotUsed() {
    await("the first", () -> polled.current() != null);
    var junk = "{\"v\":1,\"watermarks\":[{\"target\":\"all\"}]}".getBytes(StandardCharsets.UTF_8);
    server.now((request, exchange) -> Reply.of(200, junk));
    var before = server.requests.size();
    await("asked again", () -> server.requests.size() > before + 1);
    assertThat(polled.current()).isEqualTo(QUIET);
  }

  @Test
  void refusedBearer_isToldAndTheNextOneIsTried() {
    server.now((request, exchange) -> Reply.of(401, new byte[0]));
    await("told", () -> refused.contains("t"));
    bearer = "next";
    server.now(this::serve);
    await(
        "asked with the next",
        () ->
            server.requests.stream().anyMatch(each -> "Bearer next".equals(each.authorization())));
    await("known", () -> polled.current() != null);
  }

  @Test
  void withoutBearer_nothingIsAsked() {
    await("the first", () -> polled.current() != null);
    bearer = null;
    var asked = bearersAsked.get();
    await("a request that may have begun is over", () -> bearersAsked.get() > asked + 1);
    var requests = server.requests.size();
    await("tried again", () -> bearersAsked.get() > asked + 3);
    assertThat(server.requests).hasSize(requests);
  }
}
