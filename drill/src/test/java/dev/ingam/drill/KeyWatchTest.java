package dev.ingam.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.HttpDoor;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Reply;
import dev.ingam.testkit.SettableClock;
import dev.ingam.testkit.Until;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyWatchTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Instant START = Instant.parse("2026-11-23T00:00:00Z");

  private final SettableClock clock = SettableClock.at(START);
  private final AtomicInteger told = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger fetched = new AtomicInteger();
  private volatile Reply set = keys("stolen", "waits");
  private volatile @Nullable String fresh = "stolen";
  private final HttpDoor door =
      HttpDoor.open(_ -> {
        fetched.incrementAndGet();
        return set;
      });
  private final KeyWatch watch =
      new KeyWatch(
          new KeyWatch.Stolen(
              "stolen", Set.of("stolen", "beside"), told::incrementAndGet, this::freshKid),
          new HttpCaller(),
          door.uri(),
          clock);

  @AfterEach
  void close() {
    watch.close();
    door.close();
  }

  @Test
  void seen_eachAtItsOwnMoment() {
    watch.begin();
    lookTwice();
    clock.advance(Duration.ofMillis(7));
    set = keys("waits");
    Until.isTrue("it was told", PATIENCE, () -> told.get() == 1);
    clock.advance(Duration.ofMillis(4));
    fresh = "reserve";
    assertThat(watch.seen(PATIENCE))
        .isEqualTo(new KeyWatch.Seen(START.plusMillis(7), START.plusMillis(11)));
    assertThat(told).hasValue(1);
  }

  @Test
  void seen_aKeyOfTheSameStoreIsNoSuccessor() {
    set = keys("waits");
    fresh = "beside";
    watch.begin();
    waitForTwo(asked);
    assertThat(watch.seen(Duration.ofMillis(1))).isEqualTo(new KeyWatch.Seen(START, null));
  }

  @Test
  void seen_nothingInAllThatTime() {
    fresh = null;
    watch.begin();
    lookTwice();
    assertThat(watch.seen(Duration.ofMillis(1))).isEqualTo(new KeyWatch.Seen(null, null));
    assertThat(told).hasValue(0);
  }

  @Test
  void seen_whenTheSetCannotBeFetched() {
    set = new Reply(503, Map.of(), new byte[0]);
    watch.begin();
    assertThatThrownBy(() -> watch.seen(PATIENCE))
        .isInstanceOf(DrillException.class)
        .hasMessageContaining("the public JWK set: expected 2xx, came 503");
  }

  @Test
  void tainted_isWhatWasSeenFirst() {
    var later = START.plusMillis(1);
    assertThat(new KeyWatch.Seen(START, later).tainted()).isEqualTo(START);
    assertThat(new KeyWatch.Seen(later, START).tainted()).isEqualTo(START);
    assertThat(new KeyWatch.Seen(START, null).tainted()).isEqualTo(START);
    assertThat(new KeyWatch.Seen(null, START).tainted()).isEqualTo(START);
    assertThat(new KeyWatch.Seen(null, null).tainted()).isNull();
  }

  private @Nullable String freshKid() {
    asked.incrementAndGet();
    return fresh;
  }

  /// Until whatever holds now was looked at from its beginning to its end.
  private void lookTwice() {
    waitForTwo(fetched);
    waitForTwo(asked);
  }

  private static void waitForTwo(AtomicInteger looks) {
    var enough = looks.get() + 2;
    Until.isTrue("it looked", PATIENCE, () -> looks.get() >= enough);
  }

  private static Reply keys(String... kids) {
    var keys = Stream.of(kids).map(kid -> Json.empty().with("kid", kid)).toList();
    return HttpDoor.json(200, Json.empty().with("keys", List.copyOf(keys)));
  }
}
