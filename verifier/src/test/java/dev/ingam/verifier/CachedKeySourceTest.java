package dev.ingam.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.verifier.FakeServer.Reply;
import dev.ingam.wire.KeySet;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.VerificationKey;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CachedKeySourceTest {
  private final MovableClock clock = new MovableClock(1_764_000_000);
  private final VerificationKey first = new TestIssuer().key(KeyState.ACTIVE);
  private final VerificationKey second = new TestIssuer().key(KeyState.TAINTED);
  private final List<String> refused = new CopyOnWriteArrayList<>();
  private volatile KeySet set = new KeySet(List.of(first));
  private volatile String cacheControl = "max-age=300, must-revalidate";
  private final FakeServer server = new FakeServer(this::serve);
  private final CachedKeySource source = source(new Bearer());

  private Reply serve(FakeServer.Request request, com.sun.net.httpserver.HttpExchange exchange) {
    exchange.getResponseHeaders().set("Cache-Control", cacheControl);
    return Reply.of(200, set.toJson(true));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void find_fetchesOnce() {
    assertThat(source.find(first.kid())).isEqualTo(first);
    assertThat(source.find(first.kid())).isEqualTo(first);
    assertThat(server.requests).hasSize(1);
    assertThat(server.requests.get(0).authorization()).isEqualTo("Bearer t");
  }

  @Test
  void find_publicSet_asksWithoutBearer() {
    assertThat(source(BearerSource.none()).find(first.kid())).isNotNull();
    assertThat(server.requests.get(0).authorization()).isNull();
  }

  @Test
  void find_staysFreshForMaxAge() {
    source.find(first.kid());
    clock.move(Duration.ofSeconds(299));
    source.find(first.kid());
    assertThat(server.requests).hasSize(1);
    set = new KeySet(List.of(first.withState(KeyState.REVOKED), second));
    clock.move(Duration.ofSeconds(2));
    assertThat(source.find(first.kid()).state()).isEqualTo(KeyState.REVOKED);
    assertThat(server.requests).hasSize(2);
    assertThat(source.find(second.kid())).isEqualTo(second);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-cache", "max-age=0", "max-age=x", "", "s-maxage=9"})
  void find_oddMaxAge_isNeitherZeroNorForEver(String header) {
    cacheControl = header;
    source.find(first.kid());
    clock.move(Duration.ofSeconds(4));
    source.find(first.kid());
    assertThat(server.requests).hasSize(1);
    clock.move(Duration.ofSeconds(300));
    source.find(first.kid());
    assertThat(server.requests).hasSize(2);
  }

  @Test
  void find_longMaxAge_isAtMostAnHour() {
    cacheControl = "max-age=999999999";
    source.find(first.kid());
    clock.move(Duration.ofSeconds(3601));
    source.find(first.kid());
    assertThat(server.requests).hasSize(2);
  }

  @Test
  void find_newKey_isFetchedAtOnce() {
    source.find(first.kid());
    set = new KeySet(List.of(first, second));
    assertThat(source.find(second.kid())).isEqualTo(second);
    assertThat(server.requests).hasSize(2);
  }

  @Test
  void find_missingKid_isNotAskedForAgainForHalfAMinute() {
    assertThat(source.find("missing")).isNull();
    assertThat(source.find("missing")).isNull();
    assertThat(server.requests).hasSize(1);
    clock.move(Duration.ofSeconds(31));
    assertThat(source.find("missing")).isNull();
    assertThat(server.requests).hasSize(2);
  }

  @Test
  void find_manyUnknownKids_fetchFiveTimesThenOnceASecond() {
    for (var i = 0; i < 500; i++) {
      assertThat(source.find("junk-" + i)).isNull();
    }
    assertThat(server.requests).hasSize(5);
    clock.move(Duration.ofSeconds(1));
    for (var i = 500; i < 1000; i++) {
      assertThat(source.find("junk-" + i)).isNull();
    }
    assertThat(server.requests).hasSize(6);
    set = new KeySet(List.of(first, second));
    clock.move(Duration.ofSeconds(1));
    assertThat(source.find(second.kid())).isEqualTo(second);
  }

  /// A thousand honest requests under a key that was just made must all find it.
  @Test
  void find_newKey_fromManyThreads() throws Exception {
    source.find(first.kid());
    set = new KeySet(List.of(first, second));
    var work = new ArrayList<Callable<VerificationKey>>();
    for (var i = 0; i < 200; i++) {
      work.add(() -> source.find(second.kid()));
    }
    var threads = Executors.newFixedThreadPool(32);
    try {
      for (var found : threads.invokeAll(work)) {
        assertThat(found.get()).isEqualTo(second);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(server.requests.size()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "<html>",
        "{\"keys\":[]}",
        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"x\"}]}",
        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"x\"}]}"
      })
  void find_badSet_lastGoodOneStays(String body) {
    source.find(first.kid());
    server.now((request, exchange) -> Reply.of(200, body.getBytes(UTF_8)));
    clock.move(Duration.ofSeconds(301));
    assertThat(source.find(first.kid())).isEqualTo(first);
    assertThat(server.requests).hasSize(2);
    assertThat(source.find(first.kid())).isEqualTo(first);
    assertThat(server.requests).as("not tried again at once").hasSize(2);
    server.now(this::serve);
    set = new KeySet(List.of(first.withState(KeyState.RETIRED)));
    clock.move(Duration.ofSeconds(6));
    assertThat(source.find(first.kid()).state()).isEqualTo(KeyState.RETIRED);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 401, 404, 500, 503})
  void find_badStatus_lastGoodSetStays(int status) {
    source.find(first.kid());
    server.now((request, exchange) -> Reply.of(status, set.toJson(true)));
    clock.move(Duration.ofSeconds(301));
    assertThat(source.find(first.kid())).isEqualTo(first);
    assertThat(refused).hasSize(status == 401 ? 1 : 0);
  }

  @Test
  void find_serverGone_lastGoodSetStays() {
    source.find(first.kid());
    server.close();
    clock.move(Duration.ofDays(2));
    assertThat(source.find(first.kid())).isEqualTo(first);
    assertThat(source.find(second.kid())).isNull();
  }

  @Test
  void find_failedFetch_makesNoKidMissing() {
    server.now((request, exchange) -> Reply.of(500, new byte[0]));
    assertThat(source.find(first.kid())).isNull();
    server.now(this::serve);
    assertThat(source.find(first.kid())).isEqualTo(first);
  }

  @Test
  void find_unchangedSet_isNotSentAgain() {
    server.now((request, exchange) -> {
      exchange.getResponseHeaders().set("ETag", "\"v1\"");
      exchange.getResponseHeaders().set("Cache-Control", "max-age=60");
      return "\"v1\"".equals(request.ifNoneMatch())
          ? new Reply(304, new byte[0], -1)
          : Reply.of(200, set.toJson(true));
    });
    source.find(first.kid());
    clock.move(Duration.ofSeconds(61));
    assertThat(source.find(first.kid())).isEqualTo(first);
    assertThat(server.requests).hasSize(2);
    assertThat(server.requests.get(1).ifNoneMatch()).isEqualTo("\"v1\"");
    clock.move(Duration.ofSeconds(59));
    source.find(first.kid());
    assertThat(server.requests).hasSize(2);
  }

  @Test
  void find_tooLong() {
    server.now((request, exchange) -> Reply.of(200, new byte[300 * 1024]));
    assertThat(source.find(first.kid())).isNull();
  }

  @Test
  void find_clockSetBack() {
    source.find(first.kid());
    assertThat(source.find("missing")).isNull();
    clock.move(Duration.ofDays(-1));
    set = new KeySet(List.of(first, second));
    assertThat(source.find(second.kid())).isEqualTo(second);
    assertThat(source.find(first.kid())).isEqualTo(first);
  }

  @Test
  void missingKids_areBounded() {
    var missing = new MissingKids(1000);
    for (var i = 0; i < 5000; i++) {
      missing.add("k" + i, 0);
    }
    assertThat(missing.size()).isEqualTo(1024);
    assertThat(missing.holds("k4999", 999)).isTrue();
    assertThat(missing.holds("k4999", 1000)).isFalse();
    assertThat(missing.holds("k0", 0)).isFalse();
  }

  private CachedKeySource source(BearerSource bearer) {
    return new CachedKeySource(server.address("/keys"), bearer, HttpClient.newHttpClient(), clock);
  }

  private final class Bearer implements BearerSource {
    @Override
    public String current() {
      return "t";
    }

    @Override
    public void refused(String token) {
      refused.add(token);
    }
  }
}
