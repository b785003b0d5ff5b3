package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.testkit.SettableClock;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.TokenDigest;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryMemoryTest {
  private final SettableClock clock = SettableClock.at("2026-11-23T09:00:00Z");

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
