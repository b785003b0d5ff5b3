package dev.ingam.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UntilTest {
  @Test
  void get_asksUntilTheAnswerIsGood() {
    var asked = new AtomicInteger();
    int answer =
        Until.get("three", Duration.ofSeconds(10), asked::incrementAndGet, count -> count == 3);
    assertThat(answer).isEqualTo(3);
  }

  @Test
  void isTrue_deadlinePassed() {
    assertThatThrownBy(() -> Until.isTrue("never", Duration.ofMillis(1), () -> false))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("never");
  }

  @Test
  void isTrue_conditionFails() {
    var cause = new IllegalStateException("broken");
    assertThatThrownBy(() ->
            Until.isTrue(
                "broken",
                Duration.ofSeconds(10),
                () -> {
                  throw cause;
                }))
        .isInstanceOf(AssertionError.class)
        .hasCause(cause);
  }

  @Test
  void settableClock_movesOnlyWhenTold() {
    var clock = SettableClock.at("2026-11-23T00:00:00Z");
    assertThat(clock.advance(Duration.ofDays(-1))).isEqualTo(clock.instant());
    assertThat(clock.instant()).isEqualTo("2026-11-22T00:00:00Z");
  }
}
