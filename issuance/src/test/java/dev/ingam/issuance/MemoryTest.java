package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.testkit.SettableClock;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.TokenDigest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// What is remembered of assertions and redemptions, and for how long.
class MemoryTest {
  private static final Instant START = Instant.parse("2026-11-23T09:00:00Z");
  private static final Duration WINDOW = Duration.ofMinutes(8);

  private final SettableClock clock = SettableClock.at(START);

  @Test
  void jti_isGoodOncePerClient() {
    var memory = new AssertionMemory(WINDOW, 100, START);

    assertThat(memory.remember("a", "1", START)).isEqualTo(AssertionMemory.Outcome.FIRST_USE);
    assertThat(memory.remember("a", "1", START)).isEqualTo(AssertionMemory.Outcome.REPLAYED);
    assertThat(memory.remember("b", "1", START)).isEqualTo(AssertionMemory.Outcome.FIRST_USE);
  }

  @Test
  void jti_isRememberedForAtLeastAWindow() {
    var memory = new AssertionMemory(WINDOW, 100, START);
    var late = START.plus(WINDOW).minusSeconds(1);
    memory.remember("a", "1", late);

    var after = late.plus(WINDOW);
    assertThat(memory.remember("a", "2", START.plus(WINDOW)))
        .isEqualTo(AssertionMemory.Outcome.FIRST_USE);
    assertThat(memory.remember("a", "1", after.minusSeconds(1)))
        .isEqualTo(AssertionMemory.Outcome.REPLAYED);
    assertThat(memory.remember("a", "1", after.plus(WINDOW.multipliedBy(2))))
        .isEqualTo(AssertionMemory.Outcome.FIRST_USE);
  }

  @Test
  void fullWindow_acceptsNothingMoreUntilTheNext() {
    var memory = new AssertionMemory(WINDOW, 2, START);
    memory.remember("a", "1", START);
    memory.remember("a", "2", START);

    assertThat(memory.remember("a", "3", START)).isEqualTo(AssertionMemory.Outcome.FULL);
    assertThat(memory.remember("a", "3", START.plus(WINDOW)))
        .isEqualTo(AssertionMemory.Outcome.FIRST_USE);
    assertThat(memory.remember("a", "1", START.plus(WINDOW)))
        .isEqualTo(AssertionMemory.Outcome.REPLAYED);
  }

  private static String id(long number) {
    return Base64Url.encode(ByteBuffer.allocate(16).putLong(1).putLong(number).array());
  }

  @Test
  void acceptedRedemption_isRememberedForTenSeconds() {
    var memory = new RetryMemory(1 << 10, clock);
    var digest = new TokenDigest(1, 2);

    assertThat(memory.redeem("a", id(1), digest, () -> true)).isTrue();
    assertThat(memory.redeem("a", id(1), digest, () -> false)).isTrue();
    assertThat(memory.redeem("a", id(2), digest, () -> false)).isFalse();
    assertThat(memory.redeem("b", id(1), digest, () -> false)).isFalse();
    assertThat(memory.redeem("a", id(1), new TokenDigest(1, 3), () -> false)).isFalse();
    clock.advance(RetryMemory.KEPT.plusMillis(1));
    assertThat(memory.redeem("a", id(1), digest, () -> false)).isFalse();
  }

  @Test
  void retryMemory_isBoundedAndForgetsTheOldest() {
    var memory = new RetryMemory(256, clock);
    var digest = new TokenDigest(1, 2);
    for (int i = 0; i < 10_000; i++) {
      clock.advance(Duration.ofMillis(1));
      memory.redeem("a", id(i), digest, () -> true);
    }

    assertThat(memory.redeem("a", id(0), digest, () -> false)).isFalse();
    assertThat(memory.redeem("a", id(9_999), digest, () -> false)).isTrue();
  }

  @Test
  void retryMemory_survivesAClockThatGoesBack() {
    var memory = new RetryMemory(256, clock);
    memory.redeem("a", id(1), new TokenDigest(1, 2), () -> true);
    clock.advance(Duration.ofSeconds(-30));

    assertThat(memory.redeem("a", id(1), new TokenDigest(1, 2), () -> false)).isFalse();
  }
}
