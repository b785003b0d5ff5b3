package dev.ingam.drill;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.testkit.Until;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every proxy must do that is set up as its guide says.
abstract class ProxyConformance extends ProxyFixture {
  private static final int LARGE = 3 << 20;

  /// Another identity, another method, another path, in every spelling that some server folds.
  private static final String SPOOFED =
      String.join(
          "\r\n",
          "X-Ingam-Subject: evil",
          "x-ingam-SUBJECT: evil",
          "X_Ingam_Subject: evil",
          "X-Ingam_Subject: evil",
          "X_INGAM_CLIENT: evil",
          "X-Ingam-Scope: evil",
          "X-Ingam-Reason: evil",
          "X-Ingam-Observed: evil",
          "X-Forwarded-Method: EVIL",
          "X-Forwarded-Uri: /evil",
          "X_Forwarded_Uri: /evil",
          "X-Original-Method: EVIL",
          "X-Original-URI: /evil",
          "X-Original-URL: /evil",
          "X-Rewrite-URL: /evil",
          "X-Forwarded-Prefix: /evil",
          "X-Forwarded-For: evil",
          "X-Forwarded-Host: evil",
          "Forwarded: for=evil;host=evil",
          "X-HTTP-Method-Override: EVIL",
          "X-HTTP-Method: EVIL",
          "X-Method-Override: EVIL",
          "Cookie: kept=1");

  private static final String WEBSOCKET =
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

  ProxyConformance(Proxy.Kind kind) {
    super(kind);
  }

  /// For tokens that are bound to their sender: his proof as he wrote it, and no certificate but
  /// one that he showed in TLS.
  @Test
  void sender_isToldToTheGate() {
    ask("GET", "/my/profile", "DPoP: a.b.c\r\nClient-Cert: :ZXZpbA==:");
    var question = only(gate);
    assertThat(question.values("dpop")).containsExactly("a.b.c");
    assertThat(question.values("client-cert")).hasSizeLessThan(2).doesNotContain(":ZXZpbA==:");
    var request = only(application);
    assertThat(request.values("dpop")).isEmpty();
    assertThat(request.values("client-cert")).isEmpty();
  }

  @Test
  void nonce_reachesTheClient() {
    verdict =
        question ->
            Recorder.answer(
                401,
                "WWW-Authenticate: DPoP error=\"use_dpop_nonce\"",
                "DPoP-Nonce: n-1",
                "X-Ingam-Reason: sender_mismatch");
    var answer = ask("GET", "/my/profile", "DPoP: a.b.c");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.values("dpop-nonce")).containsExactly("n-1");
    assertThat(answer.values("www-authenticate")).containsExactly("DPoP error=\"use_dpop_nonce\"");
  }

  @Test
  void identity_isTheGatesAndNothingOfTheClients() {
    var answer = ask("PUT", "/my/profile?a=b", SPOOFED);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.value("x-page")).isEqualTo("shown");
    var request = only(application);
    assertThat(request.head()).doesNotContainIgnoringCase("evil").doesNotContain(TOKEN);
    assertThat(request.values("x-ingam-subject")).containsExactly("m-000001");
    assertThat(request.values("x-ingam-client")).containsExactly("shop");
    assertThat(request.values("x-ingam-scope")).containsExactly("shop buy");
    assertThat(request.values("x-forwarded-for")).containsExactly("127.0.0.1");
    assertThat(request.value("cookie")).isEqualTo("kept=1");
  }

  @Test
  void question_tellsMethodTargetAndTokenOnly() {
    ask("PATCH", "/my/orders?a=%2F..", SPOOFED);
    var question = only(gate);
    assertThat(question.target()).isEqualTo("/gate");
    assertThat(question.method()).isEqualTo("GET");
    assertThat(question.values("x-forwarded-method")).containsExactly("PATCH");
    assertThat(question.values("x-forwarded-uri")).containsExactly("/my/orders?a=%2F..");
    assertThat(question.values("authorization")).containsExactly("Bearer " + TOKEN);
    assertThat(question.head().toLowerCase(Locale.ROOT))
        .doesNotContain("evil", "x-original", "cookie", "content-length: 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: close, X-Ingam-Subject",
        "Connection: X-Ingam-Subject, X-Ingam-Client\r\nConnection: x-ingam-scope",
        "Connection: X-Forwarded-Uri, X-Forwarded-Method, Authorization",
        "Connection: Transfer-Encoding, Content-Length, Host",
        "Keep-Alive: X-Ingam-Subject\r\nProxy-Connection: X-Ingam-Subject\r\nTE: X-Ingam-Subject",
      })
  void connection_namesOurHeaders_andDropsNone(String headers) {
    var answer = ask("GET", "/my/profile", headers);
    if (answer != null && answer.status() == 200) {
      assertThat(only(application).values("x-ingam-subject")).containsExactly("m-000001");
      assertThat(only(application).head().toLowerCase(Locale.ROOT))
          .doesNotContain("\nconnection: x-", "\nconnection: close, x-");
    } else {
      assertThat(application.seen()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "401, 401",
    "403, 403",
    "400, 400",
    "503, 503",
    "500, 503",
    "502, 503",
    "204, 5xx",
    "201, 5xx",
    "302, 503",
    "200, 5xx",
    "429, 5xx|429",
    "404, 5xx|404",
    "431, 431",
  })
  void refusal_ofTheGate_becomes(int said, String status) {
    verdict =
        request ->
            Recorder.answer(
                said, "WWW-Authenticate: Bearer error=\"x\"", "X-Ingam-Reason: r", "Location: /x");
    var answer = ask("POST", "/my/orders", "Content-Length: 3", bytes("abc"));
    assertThat(String.valueOf(answer.status())).matches(status.replace("xx", ".."));
    assertThat(application.seen()).isEmpty();
    if (said == 401 || said == 403) {
      assertThat(answer.values("www-authenticate")).containsExactly("Bearer error=\"x\"");
    }
    if (said == 401 || said == 503) {
      assertThat(answer.values("x-ingam-reason")).containsExactly("r");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not http at all\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-Ingam-Sub",
        "HTTP/1.1 200 OK\r\nX-Ingam-Subject:\r\nContent-Length: 0\r\n\r\n",
      })
  void answer_thatIsNone_letsNobodyIn(String said) {
    verdict = request -> said;
    assertThat(ask("GET", "/my/profile", "A: b").status()).isBetween(500, 503);
    assertThat(application.seen()).isEmpty();
  }

  @Test
  void verdict_isNotKept() {
    assertThat(ask("GET", "/my/profile", "A: b").status()).isEqualTo(200);
    verdict = request -> NO;
    assertThat(ask("GET", "/my/profile", "A: b").status()).isEqualTo(401);
  }

  @Test
  void gate_away_is503AtOnce() {
    var gone = new Recorder(request -> YES);
    try (var before = another(new Proxy.Behind(gone.port(), application.port()))) {
      gone.close();
      var answer = RawHttp.ask(before.port(), head("GET", "/my/profile", "Connection: close"));
      assertThat(answer.status()).isEqualTo(503);
    }
    assertThat(application.seen()).isEmpty();
  }

  @Test
  @Tag("full")
  void gate_silent_is503() {
    var answered = new CountDownLatch(1);
    verdict =
        request -> {
          try {
            answered.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return NO;
        };
    var answer = ask("GET", "/my/profile", "A: b");
    answered.countDown();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(application.seen()).isEmpty();
  }

  @Test
  void application_away_isNotTheGatesFault() {
    var gone = new Recorder(request -> "");
    try (var before = another(new Proxy.Behind(gate.port(), gone.port()))) {
      gone.close();
      var answer = RawHttp.ask(before.port(), head("GET", "/my/profile", "Connection: close"));
      assertThat(answer.status()).isBetween(502, 503);
    }
  }

  @Test
  void gate_isAskedOverConnectionsThatStayOpen() {
    var before = gate.connections();
    for (int i = 0; i < 30; i++) {
      assertThat(ask("GET", "/my/profile", "A: b").status()).isEqualTo(200);
    }
    assertThat(gate.connections() - before).isLessThanOrEqualTo(4);
  }

  @Test
  void body_large_reachesTheApplicationUntouched_andNotTheGate() {
    var body = new byte[LARGE];
    new Random(7).nextBytes(body);
    assertThat(ask("POST", "/my/orders", "Content-Length: " + LARGE, body).status()).isEqualTo(200);
    assertThat(only(application).body()).isEqualTo(body);
    assertThat(only(gate).body()).isEmpty();
  }

  @Test
  void body_inChunks_reachesTheApplicationUntouched() {
    var chunk = "x".repeat(0x1000);
    var body = ("1000\r\n" + chunk + "\r\n").repeat(64) + "0\r\n\r\n";
    var answer = ask("PUT", "/my/orders", "Transfer-Encoding: chunked", bytes(body));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(only(application).body()).isEqualTo(bytes(chunk.repeat(64)));
    assertThat(only(gate).body()).isEmpty();
  }

  @Test
  void expect_isAnsweredOnlyWhenTheGateAgrees() {
    try (var connection = new RawHttp(proxy().port())) {
      var headers = "Expect: 100-continue\r\nContent-Length: 3";
      connection.send(bytes(head("POST", "/my/orders", headers)));
      assertThat(new String(connection.bytes(12), ISO_8859_1)).isEqualTo("HTTP/1.1 100");
      connection.send(bytes("abc"));
      Until.isTrue(
          "the application has it", Duration.ofSeconds(20), () -> !application.seen().isEmpty());
      assertThat(only(application).body()).isEqualTo(bytes("abc"));
    }
    application.forget();
    verdict = request -> NO;
    try (var connection = new RawHttp(proxy().port())) {
      var headers = "Expect: 100-continue\r\nContent-Length: 3";
      connection.send(bytes(head("POST", "/my/orders", headers)));
      assertThat(new String(connection.bytes(12), ISO_8859_1)).isEqualTo("HTTP/1.1 401");
    }
    assertThat(application.seen()).isEmpty();
  }

  @Test
  void body_ofARefusedRequest_goesNowhere() {
    verdict = request -> NO;
    var body = new byte[LARGE];
    Arrays.fill(body, (byte) 'b');
    var answer = ask("POST", "/my/orders", "Content-Length: " + LARGE, body);
    assertThat(answer == null || answer.status() == 401).isTrue();
    assertThat(application.seen()).isEmpty();
    assertThat(only(gate).body()).isEmpty();
  }

  @Test
  void websocket_passesAndNoOtherUpgrade() {
    page =
        request ->
            request.values("upgrade").equals(List.of("websocket"))
                ? "HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
                : Recorder.answer(200);
    try (var connection = new RawHttp(proxy().port())) {
      var headers = "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n" + WEBSOCKET;
      connection.send(bytes(head("GET", "/my/events", headers)));
      assertThat(connection.answer().status()).isEqualTo(101);
      connection.send(bytes("hello"));
      assertThat(connection.bytes(5)).isEqualTo(bytes("hello"));
    }
    for (var upgrade :
        List.of("h2c", "foo", "foo\r\nUpgrade: websocket", "h2c, websocket", "TLS/1.0")) {
      application.forget();
      var headers =
          "Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA";
      ask("GET", "/my/events", headers + "\r\nUpgrade: " + upgrade);
      assertThat(application.seen())
          .as(upgrade)
          .allSatisfy(seen -> assertThat(seen.values("upgrade")).isSubsetOf("websocket"));
    }
  }

  @Test
  void logs_holdNoToken() {
    ask("GET", "/my/profile", "A: b");
    verdict = request -> NO;
    ask("GET", "/my/profile", "A: b");
    verdict = request -> "";
    ask("GET", "/my/profile", "A: b");
    assertThat(proxy().written()).contains("/my/profile").doesNotContain(TOKEN);
  }
}
