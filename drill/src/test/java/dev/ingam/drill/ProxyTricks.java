package dev.ingam.drill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a client may try with a good token or none: paths with two readings, requests with two
/// ends. A proxy may refuse any of it; what it lets through, gate and application must read alike,
/// which the fixture holds after each test.
abstract class ProxyTricks extends ProxyFixture {
  private static final Path CURL = Path.of("/usr/bin/curl");

  ProxyTricks(Proxy.Kind kind) {
    super(kind);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/my/profile",
        "/my/profile/",
        "/my/profile?x=../../y&z=%2e%2E",
        "/my/profile?",
        "/my/profile?a?b=/c//d",
        "/my/../my/profile",
        "/my/./profile",
        "/public/..%2fmy/profile",
        "/public/%2e%2e/my/profile",
        "/public/%2E./my/profile",
        "/my//profile",
        "//my/profile",
        "///my/profile",
        "/my/profile;a=b",
        "/public/..;/my/profile",
        "/my%2fprofile",
        "/my%2Fprofile",
        "/my%5cprofile",
        "/my\\profile",
        "/my/%70rofile",
        "/my/%2570rofile",
        "/MY/PROFILE",
        "/my/profile%00",
        "/my/profile%0d%0aX-Ingam-Subject:%20evil",
        "/my/profile%",
        "/my/profile%zz",
        "/my/pr%c3%b6file",
        "/my/pr%ffofile",
        "/my/\u00fc",
        "/my/\"<>|^`{}",
        "/my/profile#/public",
        "/my/profile%23/public",
        "/my/profile%3f/public",
        "/_ingam/gate",
        "/gate",
        "/gate/my/profile",
        "http://shop.example/my/profile",
        "http://other.example/my/profile?a=b",
        "http://shop.example",
        "http://shop.example?a=b",
        "http:/my/profile",
        "http:my/profile",
        "HTTP://shop.example/my/../profile",
        "//other.example/my/profile",
        "https://user@shop.example/my/profile",
        "*",
        "my/profile",
        "?/my/profile",
        "shop.example:80",
        "/my/ profile",
        "/my/\tprofile",
        "/my/\u0000profile",
        "/my/\u0001profile",
        "/my/\u007fprofile",
      })
  void target_isReadAlikeOrRefused(String target) {
    var answer = ask("GET", target, "Connection: close");
    if (answer != null && answer.value("x-page") != null) {
      assertThat(application.seen()).hasSize(1);
    }
    if (target.startsWith("/my/profile") && target.matches("[a-z/]*")) {
      assertThat(answer.status()).isEqualTo(200);
      assertThat(only(application).target()).isEqualTo(target);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET",
        "HEAD",
        "POST",
        "DELETE",
        "OPTIONS",
        "PROPFIND",
        "TRACE",
        "CONNECT",
        "get",
        "GeT",
        "G\u0000T",
        "GET /other HTTP/1.1\r\nHost: x\r\n\r\nGET",
        "XYZZY",
        "M-SEARCH",
      })
  void method_isReadAlikeOrRefused(String method) {
    ask(method, "/my/profile", "Connection: close\r\nContent-Length: 0");
    assertThat(application.seen().size()).isLessThanOrEqualTo(gate.seen().size());
  }

  @ParameterizedTest
  @MethodSource("twoEnds")
  void request_withTwoEnds_smugglesNothing(String request) {
    try (var connection = new RawHttp(proxy().port())) {
      connection.send(bytes(request));
      connection.sendNoMore();
      for (var answer = connection.answer(); answer != null; answer = connection.answer()) {
        assertThat(answer.status()).isBetween(200, 505);
      }
    }
    assertThat(application.seen()).noneMatch(seen -> seen.target().startsWith("/smuggled"));
    assertThat(application.seen())
        .allSatisfy(seen -> assertThat(seen.values("x-ingam-subject")).containsExactly("m-000001"));
  }

  /// The second request of each has no token.
  static List<String> twoEnds() {
    var smuggled = "GET /smuggled HTTP/1.1\r\nHost: shop.example\r\nX-Ingam-Subject: evil\r\n\r\n";
    var chunked = "0\r\n\r\n" + smuggled;
    var length = "Content-Length: " + chunked.length() + "\r\n";
    var framings =
        List.of(
            length + "Transfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 5",
            length + "Transfer-Encoding : chunked",
            length + "Transfer-Encoding: xchunked",
            length + "Transfer-Encoding: chunked, identity",
            length + "Transfer-Encoding: identity, chunked",
            length + "Transfer-Encoding: \u000bchunked",
            length + "Transfer-Encoding:\r\n chunked",
            length + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            length + "transfer_encoding: chunked",
            length + "X: y\nTransfer-Encoding: chunked",
            length + "X: y\rTransfer-Encoding: chunked",
            length + "X: y\u0000\r\nTransfer-Encoding: chunked",
            length + "Content-Length: 5",
            "Content-Length: 5\r\n" + length.strip(),
            "Content-Length: 0, " + chunked.length(),
            "Content-Length: +5",
            "Content-Length: 0x5",
            "Content-Length: -1",
            "Content-Length: 99999999999999999999",
            "Content-Length:\r\n 5");
    var requests = new ArrayList<String>();
    for (var framing : framings) {
      requests.add(head("POST", "/my/orders", framing) + chunked);
      requests.add(head("GET", "/my/profile", framing) + chunked);
    }
    requests.add(head("GET", "/my/profile", "A: b") + smuggled);
    requests.add(
        head("POST", "/my/orders", "Transfer-Encoding: chunked") + "5;a=\n0\r\n\r\n" + smuggled);
    requests.add(
        head("POST", "/my/orders", "Transfer-Encoding: chunked")
            + "ffffffffffffffff0\r\n"
            + smuggled);
    return requests;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: other.example",
        "X: y\r\n X-Ingam-Subject: evil",
        "X: y\r\n\tfolded",
        " X-Ingam-Subject: evil",
        "X-Ingam-Subject : evil",
        "X-Ingam-Subject\u0000: evil",
        "X: y\nX-Ingam-Subject: evil",
        "X: y\rX-Ingam-Subject: evil",
        "X-Ingam-Subject\r\nX: y",
        "X.Ingam.Subject: evil\r\nX~Ingam~Subject: evil\r\nX Ingam Subject: evil",
        "X-Ingam-Subject: m-000001, evil",
        "Authorization: Bearer evil",
        "Authorization: Basic ZXZpbDpldmls",
        "Proxy-Authorization: Bearer evil",
        "Trailer: X-Ingam-Subject",
      })
  void headers_thatAreOdd_changeNobodysName(String headers) {
    ask("GET", "/my/profile", headers + "\r\nConnection: close");
    assertThat(application.seen())
        .allSatisfy(seen -> {
          assertThat(seen.values("x-ingam-subject")).containsExactly("m-000001");
          assertThat(seen.head().lines().filter(line -> !line.startsWith("Proxy-Auth")))
              .noneMatch(line -> line.matches("(?i)\\s*x[^a-z]ingam[^a-z]subject\\W*evil.*"))
              .noneMatch(line -> line.matches("(?i)authorization:.*"));
        });
  }

  @Test
  void trailer_namesNobody() {
    var body = "3\r\nabc\r\n0\r\nX-Ingam-Subject: evil\r\n\r\n";
    ask(
        "POST",
        "/my/orders",
        "Trailer: X-Ingam-Subject\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\nConnection: close",
        bytes(body));
    assertThat(application.seen())
        .allSatisfy(seen -> assertThat(seen.values("x-ingam-subject")).containsExactly("m-000001"));
  }

  @Test
  void request_thatIsTooLong_isRefused() {
    for (int size : new int[] {9_000, 70_000, 2_000_000}) {
      var target = ask("GET", "/my/profile?" + "a".repeat(size), "Connection: close");
      var header = ask("GET", "/my/profile", "X: " + "a".repeat(size) + "\r\nConnection: close");
      assertThat(target == null || target.status() >= 200).isTrue();
      assertThat(size < 1_000_000 || header == null || header.status() >= 400).isTrue();
    }
  }

  /// As HTTP/2 without TLS, whose first line is made of headers.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/my/profile",
        "/my/../my/profile",
        "//my/profile?x#y",
        "/my;a/%2e%2e/b",
        "/my/%70rofile"
      })
  void http2_isJudgedAlike(String target) throws IOException, InterruptedException {
    Assumptions.assumeTrue(Files.isExecutable(CURL), "curl is not installed: apt-get install curl");
    var curl =
        List.of(
            CURL.toString(),
            "--silent",
            "--max-time",
            "20",
            "--http2-prior-knowledge",
            "--path-as-is",
            "--output",
            "/dev/null",
            "--write-out",
            "%{http_version} %{http_code}",
            "-H",
            "Authorization: Bearer " + TOKEN,
            "-H",
            "X-Ingam-Subject: evil",
            "-H",
            "x_ingam_subject: evil",
            "-H",
            "X-Forwarded-Uri: /evil",
            "http://127.0.0.1:" + proxy().http2Port() + target);
    var process = new ProcessBuilder(curl).start();
    var said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).startsWith("2 ");
    assertThat(application.seen())
        .allSatisfy(seen -> {
          assertThat(seen.values("x-ingam-subject")).containsExactly("m-000001");
          assertThat(seen.head()).doesNotContain("evil");
        });
    assertThat(said.endsWith("200")).isEqualTo(!application.seen().isEmpty());
  }
}
