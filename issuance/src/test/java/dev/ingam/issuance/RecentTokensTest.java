package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.wire.TokenDigest;
import org.junit.jupiter.api.Test;

class RecentTokensTest {
  private static final int SIZE = 64;

  private final RecentTokens<String> recent = new RecentTokens<>(SIZE);

  /// A digest with this place.
  private static TokenDigest at(int place, long more) {
    return new TokenDigest(more, (long) place << 58 | more);
  }

  @Test
  void token_isFoundByItsWholeText() {
    recent.remember(RecentTokens.digest("a.b.c"), "found");

    assertThat(recent.find(RecentTokens.digest("a.b.c"))).isEqualTo("found");
    assertThat(recent.find(RecentTokens.digest("a.b.d"))).isNull();
  }

  @Test
  void flood_takesNoOthersPlace() {
    recent.remember(at(0, 1), "honest");
    for (int i = 0; i < 10_000; i++) {
      recent.remember(at(1 + i % (SIZE - 1), i), "flood");
    }

    assertThat(recent.find(at(0, 1))).isEqualTo("honest");
  }

  @Test
  void placeIsTaken_theOneBeforeIsForgotten() {
    recent.remember(at(0, 1), "before");
    recent.remember(at(0, 2), "after");

    assertThat(recent.find(at(0, 1))).isNull();
    recent.forget(at(0, 1));
    assertThat(recent.find(at(0, 2))).isEqualTo("after");
    recent.forget(at(0, 2));
    assertThat(recent.find(at(0, 2))).isNull();
  }
}
