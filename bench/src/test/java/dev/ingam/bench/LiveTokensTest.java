package dev.ingam.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LiveTokensTest {
  private static final long SECOND = 1_000_000_000L;

  /// `System.nanoTime()` may be negative.
  private static final long BEGIN = -5 * SECOND;

  private final LiveTokens live = new LiveTokens(900);

  @Test
  void tokens_countUntilTheFirstOfThemMayHaveExpired() {
    live.issued(BEGIN, 100);
    live.issued(BEGIN + 20 * SECOND, 50);
    assertThat(live.at(BEGIN + 20 * SECOND)).isEqualTo(150);
    assertThat(live.at(BEGIN + 900 * SECOND - 1)).isEqualTo(150);
    assertThat(live.at(BEGIN + 900 * SECOND)).isEqualTo(50);
    assertThat(live.at(BEGIN + 920 * SECOND)).isZero();
  }

  @Test
  void nothing_isNone() {
    assertThat(live.at(BEGIN)).isZero();
  }
}
