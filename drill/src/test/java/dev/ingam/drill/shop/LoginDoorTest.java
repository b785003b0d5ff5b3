package dev.ingam.drill.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.drill.web.ClientCredential;
import dev.ingam.drill.web.Es256Key;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.HttpDoor;
import dev.ingam.drill.web.HttpDoor.Ask;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Reply;
import dev.ingam.drill.web.UpstreamIssuer;
import dev.ingam.wire.CompactJws;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoginDoorTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private final Passwords passwords = new Passwords("seed");
  private final Queue<Ask> asked = new ConcurrentLinkedQueue<>();
  private final HttpDoor ingam = HttpDoor.open(this::ingam);
  private final HttpCaller http = new HttpCaller();
  private final LoginDoor door = door();

  @AfterEach
  void close() {
    ingam.close();
  }

  @Test
  void login_tellsOfItFirstAndExchangesThen() {
    var answer = post("/login", login("m-000002", passwords.of("m-000002")));
    assertThat(answer.status()).isEqualTo(200);
    var json = Json.read(answer.body(), "the log-in");
    assertThat(json.text("access_token")).isEqualTo("token");
    assertThat(json.text("session")).isNotEqualTo("ingam-session");
    assertThat(asked.stream().map(Ask::path))
        .containsExactly("/oauth2/token", "/events/login", "/oauth2/token");
    var event = asked.stream().filter(ask -> ask.path().equals("/events/login")).findFirst();
    assertThat(event.orElseThrow().header("authorization")).isEqualTo("Bearer token");
    assertThat(Json.read(event.orElseThrow().body(), "x").text("subject")).isEqualTo("m-000002");
    var subjectToken = CompactJws.read(subjectToken());
    var claims = Json.read(subjectToken.payload(), "the subject token");
    assertThat(claims.text("sid")).isEqualTo("ingam-session");
    assertThat(claims.text("sub")).isEqualTo("m-000002");
    assertThat(claims.text("aud")).isEqualTo("https://issuer.example");
    assertThat(claims.number("exp") - claims.number("iat")).isBetween(1L, 300L);
  }

  @Test
  void login_withAWrongPasswordOrName() {
    assertThat(post("/login", login("m-000002", passwords.of("m-000001"))).status()).isEqualTo(401);
    assertThat(post("/login", login("m-000009", passwords.of("m-000009"))).status()).isEqualTo(401);
    assertThat(post("/login", Json.empty().with("member", 1L)).status()).isEqualTo(400);
    assertThat(asked).isEmpty();
  }

  @Test
  void token_onlyWhileLoggedIn() {
    var answer = post("/login", login("m-000001", passwords.of("m-000001")));
    var session = Json.empty().with("session", Json.read(answer.body(), "x").text("session"));
    assertThat(post("/token", session).status()).isEqualTo(200);
    assertThat(post("/logout", session).status()).isEqualTo(200);
    assertThat(post("/token", session).status()).isEqualTo(401);
    assertThat(post("/logout", session).status()).isEqualTo(401);
    assertThat(post("/token", Json.empty()).status()).isEqualTo(401);
  }

  @Test
  void answer_whatIsNoLogin() {
    assertThat(door.answer(new Ask("GET", "/login", Map.of(), new byte[0])).status())
        .isEqualTo(400);
    assertThat(door.answer(new Ask("POST", "/login", Map.of(), new byte[] {'['})).status())
        .isEqualTo(400);
    assertThat(post("/elsewhere", Json.empty()).status()).isEqualTo(404);
  }

  private String subjectToken() {
    var exchange = asked.stream().reduce((first, last) -> last).orElseThrow();
    var form = new String(exchange.body(), StandardCharsets.US_ASCII);
    var from = form.indexOf("subject_token=") + "subject_token=".length();
    var to = form.indexOf('&', from);
    return URLDecoder.decode(form.substring(from, to), StandardCharsets.UTF_8);
  }

  private Reply post(String path, Json body) {
    return door.answer(new Ask("POST", path, Map.of(), body.bytes()));
  }

  private static Json login(String member, String password) {
    return Json.empty().with("member", member).with("password", password);
  }

  private Reply ingam(Ask ask) {
    asked.add(ask);
    return switch (ask.path()) {
      case "/events/login" -> HttpDoor.json(201, Json.empty().with("session", "ingam-session"));
      case "/events/logout" -> new Reply(204, Map.of(), new byte[0]);
      default ->
          HttpDoor.json(
              200,
              Json.empty()
                  .with("access_token", "token")
                  .with("token_type", "Bearer")
                  .with("expires_in", 300L));
    };
  }

  private LoginDoor door() {
    var address = new ShopConfig.Ingam(ingam.uri(), ingam.uri(), "https://issuer.example");
    var config =
        new ShopConfig(
            3,
            address,
            new UpstreamIssuer("https://login.shop.example", Es256Key.generate(RANDOM)),
            new ClientCredential("shop-exchange", Es256Key.generate(RANDOM)),
            new ClientCredential("shop-login", Es256Key.generate(RANDOM)),
            passwords);
    var stored = ShopConfig.of(Json.read(config.stored().bytes(), "a test"));
    var login = new LoginSystem(http, stored, Clock.systemUTC(), RANDOM);
    return new LoginDoor(login, new Members(3), passwords, RANDOM);
  }
}
