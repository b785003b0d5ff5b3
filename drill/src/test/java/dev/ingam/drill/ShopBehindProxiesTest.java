package dev.ingam.drill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.drill.GateQuestion.Asked;
import dev.ingam.drill.GateQuestion.Outcome;
import dev.ingam.drill.attack.Thief;
import dev.ingam.drill.shop.Members;
import dev.ingam.drill.shop.ShopBehindProxy;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.Json;
import dev.ingam.testkit.Until;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The whole house: the real server, a real proxy of each kind before the sample shop, set up from
/// the guides' own files, and honest and hostile customers.
class ShopBehindProxiesTest {
  private static final int MEMBERS = 12;
  private static final String PROFILE = "/my/profile";
  private static final String ORDERS = "/my/orders";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Clock CLOCK = Clock.systemUTC();

  private static final Map<Proxy.Kind, Proxy> proxies = new EnumMap<>(Proxy.Kind.class);
  private static @TempDir Path proxyFolder;
  private static WorkFolder folder;
  private static Setup setup;
  private static Child process;
  private static IngamServer server;
  private static ShopBehindProxy shop;

  @BeforeAll
  static void open() {
    folder = WorkFolder.make(null);
    setup = new Setup(folder, new SecureRandom());
    process = IngamServer.launch(folder, new Jvm(System.getProperties()), setup.serverConfig());
    server = IngamServer.ready(process, folder, CLOCK);
    setup.tell(server);
    shop = new ShopBehindProxy(setup.shop(server, MEMBERS), CLOCK);
  }

  @AfterAll
  static void close() {
    proxies.values().forEach(Proxy::close);
    if (shop != null) {
      shop.close();
    }
    if (process != null) {
      process.close();
    }
    folder.close();
  }

  @ParameterizedTest
  @EnumSource
  void honest_logsInReadsAndBuysOnce(Proxy.Kind kind) {
    var token = token(1);
    assertThat(page(kind, "GET", PROFILE, token)).isEqualTo(Members.id(1));
    assertThat(page(kind, "GET", "/my/delivery-addresses", token)).isEqualTo(Members.id(1));
    var order = token(2);
    assertThat(page(kind, "POST", ORDERS, order)).isEqualTo(Members.id(2));
    var again = ask(kind, "POST", ORDERS, "Authorization: Bearer " + order);
    refused(again, 401, "already_redeemed");
  }

  @ParameterizedTest
  @EnumSource
  void hostile_withoutAToken_isNobody(Proxy.Kind kind) {
    var before = shop.served();
    var spoofed = "X-Ingam-Subject: " + Members.id(3) + "\r\nX_Ingam_Subject: " + Members.id(3);
    refused(ask(kind, "GET", PROFILE, spoofed), 401, "malformed");
    refused(
        ask(kind, "GET", PROFILE, spoofed + "\r\nAuthorization: Bearer a.b.c"), 401, "malformed");
    refused(ask(kind, "GET", PROFILE, "Authorization: Basic bTptCg=="), 401, "malformed");
    refused(ask(kind, "GET", "/not/a/route", spoofed), 401, "malformed");
    assertThat(shop.served()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void hostile_withHisOwnToken_isOnlyHimself(Proxy.Kind kind) {
    var own = "Authorization: Bearer " + token(4);
    for (var trick :
        List.of(
            "X-Ingam-Subject: " + Members.id(3),
            "x_ingam_subject: " + Members.id(3),
            "Connection: X-Ingam-Subject\r\nX_Ingam_Subject: " + Members.id(3),
            "X-Forwarded-Uri: /my/delivery-addresses\r\nX-Original-URI: /my/delivery-addresses")) {
      var answer = ask(kind, "GET", PROFILE, own + "\r\n" + trick);
      assertThat(answer.status()).as(trick).isEqualTo(200);
      assertThat(Json.read(answer.body(), trick).text("member")).isEqualTo(Members.id(4));
      assertThat(Json.read(answer.body(), trick).text("page")).isEqualTo(PROFILE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void hostile_withAPathOfTwoReadings_isRefused(Proxy.Kind kind) {
    var own = "Authorization: Bearer " + token(5);
    var before = shop.served();
    for (var target :
        List.of(
            "/public/../my/profile",
            "/public/%2e%2e/my/profile",
            "/public/..%2fmy/profile",
            "/public/..;/my/profile",
            "//my/profile",
            "/my//profile",
            "/my/./profile",
            "/my/profile;x=y",
            "/my%2fprofile",
            "/my\\profile",
            "/my/%70rofile",
            "/my/profile%00",
            "/my/profile#",
            "/gate/my/profile",
            "/_ingam/gate")) {
      var answer = ask(kind, "GET", target, own);
      assertThat(answer == null ? 400 : answer.status()).as(target).isIn(400, 401, 404);
    }
    var absolute = ask(kind, "GET", "http://other.example" + PROFILE, own);
    assertThat(absolute.status()).isIn(200, 400);
    assertThat(
            shop.served().numbers().getOrDefault(Members.id(5), 0L)
                - before.numbers().getOrDefault(Members.id(5), 0L))
        .isEqualTo(absolute.status() == 200 ? 1 : 0);
  }

  @Test
  void stolenKey_throughNginx_opensNothingAndProvesTheTheft() {
    var honest = token(6);
    var thief = new Thief(setup.store(server, false), token(0), CLOCK);
    var before = shop.served();
    for (var forged : thief.forgeries(Members.id(7))) {
      var answer = ask(Proxy.Kind.NGINX, "GET", PROFILE, "Authorization: Bearer " + forged);
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.value("x-ingam-reason")).isIn("not_issued", "altered", "malformed");
    }
    assertThat(shop.served()).isEqualTo(before);
    Until.isTrue("the theft is proven", PATIENCE, () -> isProven(thief.kid()));
    assertThat(page(Proxy.Kind.NGINX, "GET", PROFILE, honest)).isEqualTo(Members.id(6));
    assertThat(page(Proxy.Kind.NGINX, "GET", PROFILE, token(8))).isEqualTo(Members.id(8));
  }

  static Stream<GateQuestion> others() {
    return Stream.of(GateQuestion.Envoy.ofGuide(), GateQuestion.Traefik.ofGuide());
  }

  @ParameterizedTest
  @MethodSource("others")
  void otherProxies_honest_isNamed(GateQuestion proxy) {
    var order = asked("POST", ORDERS, token(9));
    assertThat(proxy.ask(gate(), order))
        .isInstanceOfSatisfying(
            Outcome.Passed.class,
            passed ->
                assertThat(passed.identity())
                    .containsEntry("x-ingam-subject", Members.id(9))
                    .containsEntry("x-ingam-scope", "shop")
                    .containsKey("x-ingam-client"));
    answered(proxy.ask(gate(), order), 401, "already_redeemed");
    for (var method : List.of("GET", "HEAD")) {
      var read = proxy.ask(gate(), asked(method, PROFILE + "?a=/../b", token(9)));
      assertThat(read instanceof Outcome.Passed).as(method).isEqualTo(method.equals("GET"));
    }
  }

  @ParameterizedTest
  @MethodSource("others")
  void otherProxies_hostile_isAnsweredNo(GateQuestion proxy) {
    answered(proxy.ask(gate(), new Asked("GET", PROFILE, Map.of())), 401, "malformed");
    answered(proxy.ask(gate(), asked("GET", PROFILE, "a.b.c")), 401, "malformed");
    var own = token(10);
    for (var target :
        List.of(
            "/public/../my/profile",
            "//my/profile",
            "/my/%70rofile",
            "/my/profile;a",
            "/my%2fprofile",
            "/")) {
      var outcome = proxy.ask(gate(), asked("GET", target, own));
      assertThat(outcome).isInstanceOf(Outcome.Answered.class);
      assertThat(((Outcome.Answered) outcome).status()).as(target).isIn(400, 401);
    }
  }

  @Test
  void envoy_thatLetsTheClientsHeadersThrough_isRefusedAloud() {
    var spoofed = Map.of("x-forwarded-uri", "/my/delivery-addresses");
    var careless = GateQuestion.Envoy.ofGuide().allowing(spoofed);
    var outcome = careless.ask(gate(), asked("GET", PROFILE, token(11)));
    assertThat(outcome).isInstanceOf(Outcome.Answered.class);
    assertThat(((Outcome.Answered) outcome).status()).isEqualTo(400);
  }

  private static int gate() {
    return server.ports().internalUri().getPort();
  }

  private static Asked asked(String method, String target, String token) {
    return new Asked(method, target, Map.of("authorization", "Bearer " + token));
  }

  private static void answered(Outcome outcome, int status, String reason) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Answered.class, answer -> refused(answer.gate(), status, reason));
  }

  private static boolean isProven(String kid) {
    return server.get("/admin/proofs").objects("proofs").stream()
        .anyMatch(proof -> proof.text("kid").equals(kid) && proof.has("tainted_at"));
  }

  private static Proxy proxy(Proxy.Kind kind) {
    return proxies.computeIfAbsent(
        kind, each -> Proxy.start(each, proxyFolder, new Proxy.Behind(gate(), shop.port())));
  }

  private static String token(int member) {
    var id = Members.id(member);
    var login = Json.empty().with("member", id).with("password", setup.passwords().of(id));
    return new HttpCaller()
        .post(shop.login().resolve("/login"), Map.of(), login)
        .expect("a log-in")
        .text("access_token");
  }

  /// Whose page was shown.
  private static String page(Proxy.Kind kind, String method, String target, String token) {
    var answer = ask(kind, method, target, "Authorization: Bearer " + token);
    assertThat(answer.status()).as(new String(answer.body(), UTF_8)).isEqualTo(200);
    return Json.read(answer.body(), target).text("member");
  }

  private static void refused(HttpMessage answer, int status, String reason) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.value("x-ingam-reason")).isEqualTo(reason);
    assertThat(answer.value("www-authenticate")).startsWith("Bearer");
  }

  private static HttpMessage ask(Proxy.Kind kind, String method, String target, String headers) {
    var head = method + " " + target + " HTTP/1.1\r\nHost: shop.example\r\n" + headers;
    return RawHttp.ask(
        proxy(kind).port(), head + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  }
}
