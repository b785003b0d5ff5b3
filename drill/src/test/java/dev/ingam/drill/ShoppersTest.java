package dev.ingam.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.drill.shop.Passwords;
import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.Es256Key;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.HttpDoor;
import dev.ingam.drill.web.HttpDoor.Ask;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Reply;
import dev.ingam.testkit.Until;
import dev.ingam.wire.CompactJws;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Honest shoppers in a shop that does what the test wants. The members are named by the tokens.
class ShoppersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private volatile Es256Key key = Es256Key.generate(new SecureRandom());
  private volatile boolean closed;
  private volatile boolean senseless;
  private final HttpDoor shop = HttpDoor.open(this::answer);
  private final Shoppers shoppers =
      new Shoppers(
          new HttpCaller(),
          new Shoppers.Doors(shop.uri(), shop.uri()),
          new Passwords("seed"),
          3,
          Clock.systemUTC());

  @AfterEach
  void close() {
    shoppers.close();
    shop.close();
  }

  @Test
  void shop_isServed() {
    until("pages were read", () -> shoppers.counts().pages().size() == 3);
    shoppers.close();
    assertThat(shoppers.counts().refusals()).isEmpty();
  }

  @Test
  void shop_refusalsAreCountedByTheirReason() {
    closed = true;
    until("somebody was refused", () -> shoppers.counts().refusals().containsKey("/login 401"));
  }

  /// A shopper whom the shop answers with nonsense is not lost in silence: he counts, and goes on.
  @Test
  void shop_answersThatMakeNoSenseAreRefusals() {
    senseless = true;
    until("nonsense was counted", () -> refused() >= 2L * Shoppers.count());
    assertThat(shoppers.counts().refusals().keySet())
        .anyMatch(why -> why.contains("expected a String named access_token"));
  }

  @Test
  void freshKid_followsTheKeyThatSigns() {
    var kids = shoppers.freshKid();
    assertThat(kids.get()).isEqualTo(key.kid());
    key = Es256Key.generate(new SecureRandom());
    assertThat(kids.get()).isEqualTo(key.kid());
    closed = true;
    assertThat(kids.get()).isNull();
    assertThatThrownBy(shoppers::freshKid)
        .isInstanceOf(DrillException.class)
        .hasMessageContaining("lets nobody log in");
  }

  @Test
  void gone_tokensOfAKeyThatStillSignsAreCounted() {
    until("pages were read", () -> !shoppers.counts().pages().isEmpty());
    assertThat(shoppers.counts().tokensOfGoneKey()).isZero();
    shoppers.counts().gone(key.kid());
    until("it signed on", () -> shoppers.counts().tokensOfGoneKey() > 0);
    until("pages were read with it", () -> shoppers.counts().pagesWithGoneKey() > 0);
  }

  private long refused() {
    return shoppers.counts().refusals().values().stream().mapToLong(Long::longValue).sum();
  }

  private static void until(String what, Callable<Boolean> condition) {
    Until.isTrue(what, PATIENCE, condition);
  }

  private Reply answer(Ask ask) {
    if (closed) {
      return HttpDoor.json(401, Json.empty());
    }
    if (senseless) {
      return HttpDoor.json(200, Json.empty().with("hello", "world"));
    }
    return switch (ask.path()) {
      case "/login" -> tokenFor(Json.read(ask.body(), "a log-in").text("member"));
      case "/token" -> tokenFor(Json.read(ask.body(), "a request").text("session"));
      case "/logout" -> HttpDoor.json(200, Json.empty());
      default -> HttpDoor.json(200, Json.empty().with("member", member(ask)));
    };
  }

  /// The session is the member.
  private Reply tokenFor(String member) {
    var token = key.jwt("at+jwt", Json.empty().with("sub", member));
    return HttpDoor.json(
        200,
        Json.empty().with("session", member).with("access_token", token).with("expires_in", 300L));
  }

  private static String member(Ask ask) {
    var jws = CompactJws.read(ask.header("authorization").substring("Bearer ".length()));
    return Json.read(jws.payload(), "a token").text("sub");
  }
}
