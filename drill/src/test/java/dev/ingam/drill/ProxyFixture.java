package dev.ingam.drill;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A real proxy, set up as its guide says, between a gate and an application that remember each
/// byte. After every test each request that the application saw must be one that the gate was asked
/// about and allowed: same method, same target, byte for byte; and the proxy still serves.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ProxyFixture {
  /// Good at this gate.
  static final String TOKEN = "good.c2VjcmV0.dG9rZW4";

  static final String YES =
      Recorder.answer(
          200, "X-Ingam-Subject: m-000001", "X-Ingam-Client: shop", "X-Ingam-Scope: shop buy");
  static final String PAGE = Recorder.answer(200, "X-Page: shown");
  static final String NO =
      Recorder.answer(
          401, "WWW-Authenticate: Bearer error=\"invalid_token\"", "X-Ingam-Reason: not_issued");

  final Proxy.Kind kind;
  final Recorder gate = new Recorder(this::judge);
  final Recorder application = new Recorder(this::show);

  /// What the gate says from now on, and what the application shows.
  volatile Function<HttpMessage, String> verdict = ProxyFixture::byToken;

  volatile Function<HttpMessage, String> page = request -> PAGE;

  private final List<String> allowed = new CopyOnWriteArrayList<>();
  private @Nullable Path folder;
  private @Nullable Proxy proxy;

  ProxyFixture(Proxy.Kind kind) {
    this.kind = kind;
  }

  @BeforeAll
  void start(@TempDir Path folder) {
    this.folder = folder;
    proxy = Proxy.start(kind, folder, new Proxy.Behind(gate.port(), application.port()));
  }

  @AfterAll
  void stop() {
    if (proxy != null) {
      proxy.close();
    }
    gate.close();
    application.close();
  }

  @BeforeEach
  void forget() {
    gate.forget();
    application.forget();
    allowed.clear();
    verdict = ProxyFixture::byToken;
    page = request -> PAGE;
  }

  @AfterEach
  void everyRequest_wasAllowed() {
    var left = new ArrayList<>(allowed);
    for (var request : application.seen()) {
      var line = request.method() + " " + request.target();
      assertThat(left.remove(line)).as("the gate allowed " + line).isTrue();
    }
    verdict = ProxyFixture::byToken;
    page = request -> PAGE;
    var honest = ask("GET", "/still/there", "Connection: close");
    assertThat(honest).as("an answer to an honest request afterwards").isNotNull();
    assertThat(honest.status()).isEqualTo(200);
  }

  Proxy proxy() {
    if (proxy == null) {
      throw new IllegalStateException("not started");
    }
    return proxy;
  }

  /// Another one of this kind.
  Proxy another(Proxy.Behind behind) {
    if (folder == null) {
      throw new IllegalStateException("not started");
    }
    return Proxy.start(kind, folder, behind);
  }

  /// With the good token, on a connection of its own; headers are whole lines.
  @Nullable HttpMessage ask(String method, String target, String headers) {
    return ask(method, target, headers, new byte[0]);
  }

  @Nullable HttpMessage ask(String method, String target, String headers, byte[] body) {
    return RawHttp.ask(proxy().port(), head(method, target, headers), body);
  }

  static String head(String method, String target, String headers) {
    return method
        + " "
        + target
        + " HTTP/1.1\r\nHost: shop.example\r\nAuthorization: Bearer "
        + TOKEN
        + "\r\n"
        + headers
        + "\r\n\r\n";
  }

  static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  static HttpMessage only(Recorder recorder) {
    assertThat(recorder.seen()).hasSize(1);
    return recorder.seen().getFirst();
  }

  private String judge(HttpMessage question) {
    var said = verdict.apply(question);
    if (said.startsWith("HTTP/1.1 200")) {
      allowed.add(question.value("x-forwarded-method") + " " + question.value("x-forwarded-uri"));
    }
    return said;
  }

  private String show(HttpMessage request) {
    return page.apply(request);
  }

  private static String byToken(HttpMessage question) {
    return question.values("authorization").equals(List.of("Bearer " + TOKEN)) ? YES : NO;
  }
}
