package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class DoorsWiringTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @Test
  void keyState_upToTenSecondsOld_isFresh() {
    assertThat(DoorsWiring.isFresh(NOW, NOW)).isTrue();
    assertThat(DoorsWiring.isFresh(NOW.minusSeconds(10), NOW)).isTrue();
    assertThat(DoorsWiring.isFresh(NOW.minusSeconds(11), NOW)).isFalse();
  }

  @Test
  void keyState_fromTheFuture_isNotFresh() {
    assertThat(DoorsWiring.isFresh(NOW.plusMillis(1), NOW)).isFalse();
    assertThat(DoorsWiring.isFresh(NOW.plusSeconds(86_400), NOW)).isFalse();
  }
}
