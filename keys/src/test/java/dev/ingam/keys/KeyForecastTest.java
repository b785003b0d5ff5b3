package dev.ingam.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ingam.keys.KeysException.Code;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.KeyState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What is forecast happens, and what would be refused is refused in the same way.
class KeyForecastTest {
  @RegisterExtension static final TestDatabase DATABASE = TestHouse.database();

  @TempDir Path folder;
  private TestHouse house;
  private KeyForecast forecast;

  @BeforeEach
  void start() {
    house = TestHouse.started(folder, DATABASE);
    forecast = new KeyForecast(house.keys, house.sets, house.clock);
  }

  @AfterEach
  void stop() {
    house.close();
  }

  @Test
  void rotate_tooEarly_isRefusedAsTheMoveIs() {
    same(() -> forecast.rotate("access", false), () -> house.keys.rotate("access", false, "me"));
    assertThat(code(() -> forecast.rotate("access", false))).contains(Code.PUBLISHED_TOO_SHORT);
  }

  @Test
  void rotate_publishedLongEnough_saysSo() {
    house.clock.advance(Duration.ofHours(24).plusSeconds(1));
    var next = house.waiting().kid();
    assertThat(String.join("\n", forecast.rotate("access", false)))
        .contains(next, "every verifier knows it")
        .doesNotContain("may refuse");
    house.keys.rotate("access", false, "me");
    assertThat(house.activeKid()).isEqualTo(next);
  }

  @Test
  void rotateNow_saysWhoMayRefuse_andNamesBothKeys() {
    var next = house.waiting().kid();
    var old = house.activeKid();
    var effects = String.join("\n", forecast.rotate("access", true));
    assertThat(effects).contains(next, old, "may refuse new tokens until they fetch it again");
    house.keys.rotate("access", true, "me");
    assertThat(house.activeKid()).isEqualTo(next);
  }

  @Test
  void rotateNow_whenNoKeyWaits_makesOne() {
    house.keys.taint(house.waiting().kid(), "test", "me");
    var waiting = house.in(KeyState.PREPARED).stream().filter(key -> !key.reserve()).toList();
    waiting.forEach(key -> house.keys.taint(key.kid(), "test", "me"));
    assertThat(forecast.rotate("access", true)).isNotEmpty();
  }

  @Test
  void taintActive_forecastsTheWholeDomain_andItHappens() {
    var active = house.keys.show(house.activeKid());
    var reserve = house.reserve().kid();
    var hit = List.of(active.kid(), house.waiting().kid());
    var effects = String.join("\n", forecast.taint(active));
    assertThat(effects).contains(hit).contains("domain-1", reserve, "2 key(s) are tainted");
    assertThat(effects).contains("must fetch it again").doesNotContain("know it already");
    house.keys.taint(active.kid(), "test", "me");
    assertThat(house.in(KeyState.TAINTED))
        .extracting(KeyView::kid)
        .containsExactlyInAnyOrderElementsOf(hit);
    assertThat(house.activeKid()).isEqualTo(reserve);
  }

  @Test
  void taintActive_whenTheReserveIsKnownEverywhere() {
    house.clock.advance(Duration.ofHours(24).minusMinutes(1));
    house.keys.runDue();
    house.clock.advance(Duration.ofMinutes(2));
    house.keys.runDue();
    var active = house.keys.show(house.activeKid());
    assertThat(String.join("\n", forecast.taint(active))).contains("know it already");
  }

  @Test
  void taintWaiting_touchesNoOtherKey() {
    var waiting = house.waiting();
    assertThat(String.join("\n", forecast.taint(waiting))).contains("No other key is touched");
    house.keys.taint(waiting.kid(), "test", "me");
    assertThat(house.in(KeyState.TAINTED)).hasSize(1);
  }

  @Test
  void everyMoveOfEveryKey_isForecastAsItIsAnswered() {
    var old = house.activeKid();
    house.keys.rotate("access", true, "me");
    house.keys.taint(house.waiting().kid(), "test", "me");
    house.keys.revoke(house.in(KeyState.TAINTED).getFirst().kid(), "test", "me");
    assertThat(house.keys.show(old).state()).isEqualTo(KeyState.RETIRING);
    for (var key : house.keys.list()) {
      same(() -> forecast.activate(key), () -> house.keys.activate(key.kid(), "me"));
      if (key.state() != KeyState.TAINTED) {
        same(() -> forecast.revoke(key), () -> house.keys.revoke(key.kid(), "test", "me"));
      }
    }
    for (var key : house.in(KeyState.REVOKED)) {
      assertThat(forecast.revoke(key)).containsExactly("It is revoked already. Nothing changes.");
    }
  }

  @Test
  void set_unknown() {
    same(() -> forecast.prepare("none"), () -> house.keys.prepare("none", "me"));
    same(() -> forecast.rotate("none", true), () -> house.keys.rotate("none", true, "me"));
  }

  private static void same(ThrowingCallable told, ThrowingCallable done) {
    var before = code(told);
    assertThat(before).isEqualTo(code(done));
  }

  private static Optional<Code> code(ThrowingCallable call) {
    return Optional.ofNullable(catchThrowableOfType(KeysException.class, call))
        .map(KeysException::code);
  }
}
