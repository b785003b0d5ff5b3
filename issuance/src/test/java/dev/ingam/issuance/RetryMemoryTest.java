package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.wire.Base64Url;
import dev.ingam.wire.TokenDigest;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetryMemoryTest {
  // Near the end of its range: a monotonic clock may start anywhere.
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

  private static String id(long number) {
    return Base64Url.encode(ByteBuffer.allocate(16).putLong(1).putLong(number).array());
  }

  @Test
  void acceptedRedemption_isRememberedForTenSeconds() {
    var memory = new RetryMemory(1 << 10, nanos::get);
    var digest = new TokenDigest(1, 2);

    assertThat(memory.redeem("a", id(1), digest, () -> true)).isTrue();
    assertThat(memory.redeem("a", id(1), digest, () -> false)).isTrue();
    assertThat(memory.redeem("a", id(2), digest, () -> false)).isFalse();
    assertThat(memory.redeem("b", id(1), digest, () -> false)).isFalse();
    assertThat(memory.redeem("a", id(1), new TokenDigest(1, 3), () -> false)).isFalse();
    nanos.addAndGet(RetryMemory.KEPT.toNanos() + 1);
    assertThat(memory.redeem("a", id(1), digest, () -> false)).isFalse();
  }

  @Test
  void retryMemory_isBoundedAndForgetsTheOldest() {
    var memory = new RetryMemory(256, nanos::get);
    var digest = new TokenDigest(1, 2);
    for (int i = 0; i < 10_000; i++) {
      nanos.addAndGet(1_000_000);
      memory.redeem("a", id(i), digest, () -> true);
    }

    assertThat(memory.redeem("a", id(0), digest, () -> false)).isFalse();
    assertThat(memory.redeem("a", id(9_999), digest, () -> false)).isTrue();
  }
}
