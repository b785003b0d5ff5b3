package dev.ingam.wire;

import static dev.ingam.wire.ReplayStore.Outcome.FIRST_USE;
import static dev.ingam.wire.ReplayStore.Outcome.FORGOTTEN;
import static dev.ingam.wire.ReplayStore.Outcome.FULL;
import static dev.ingam.wire.ReplayStore.Outcome.REPLAYED;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayMemoryTest {
  private static final Duration LIFE = Duration.ofMinutes(2);

  private Instant now = Instant.parse("2026-11-23T09:00:30Z");
  private ReplayMemory memory = memory(100);

  private static ReplayMemory memory(int capacity) {
    return new ReplayMemory(capacity, new SecureRandom());
  }

  private ReplayStore.Outcome remember(String client, String jti, Instant deadFrom) {
    return memory.remember(client, jti, deadFrom, now);
  }

  private ReplayStore.Outcome remember(String client, String jti) {
    return remember(client, jti, now.plus(LIFE));
  }

  /// How many new assertions of this client are taken until one is refused.
  private int fill(String client, int atMost) {
    int taken = 0;
    while (taken < atMost && remember(client, "fill-" + taken) == FIRST_USE) {
      taken++;
    }
    return taken;
  }

  @Test
  void jti_isGoodOncePerClient() {
    assertThat(remember("a", "1")).isEqualTo(FIRST_USE);
    assertThat(remember("a", "1")).isEqualTo(REPLAYED);
    assertThat(remember("b", "1")).isEqualTo(FIRST_USE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 29, 30, 31, 60, 119, 299, 419})
  void jti_isRememberedUntilTheAssertionDies(int lifeSeconds) {
    var deadFrom = now.plusSeconds(lifeSeconds);
    assertThat(remember("a", "1", deadFrom)).isEqualTo(FIRST_USE);
    for (int second = 0; second < lifeSeconds; second++) {
      assertThat(remember("a", "1", deadFrom)).as("second %d", second).isEqualTo(REPLAYED);
      now = now.plus(Duration.ofSeconds(1));
    }

    now = now.plus(Duration.ofMinutes(1));
    assertThat(remember("a", "1")).as("another assertion, later").isEqualTo(FIRST_USE);
  }

  @Test
  void jti_usedInAnAssertionThatLivesLonger_isUsed() {
    remember("a", "1", now.plusSeconds(400));

    assertThat(remember("a", "1", now.plusSeconds(60))).isEqualTo(REPLAYED);
    assertThat(remember("a", "1", now.plusSeconds(401))).isEqualTo(REPLAYED);
  }

  @Test
  void clockPutBack_letsNoReplayPass() {
    var deadFrom = now.plus(LIFE);
    remember("a", "1", deadFrom);
    now = now.plus(Duration.ofHours(1));
    remember("a", "2");
    now = now.plus(Duration.ofHours(-1));

    assertThat(remember("a", "1", deadFrom)).isEqualTo(FORGOTTEN);
    assertThat(remember("b", "new", deadFrom)).isEqualTo(FORGOTTEN);
    now = now.plus(Duration.ofHours(1));
    assertThat(remember("a", "2")).isEqualTo(REPLAYED);
    assertThat(remember("a", "3")).isEqualTo(FIRST_USE);
  }

  @Test
  void clientThatFloods_fillsHalfAndTheOthersGoOn() {
    assertThat(fill("flood", 1_000)).isEqualTo(50);
    assertThat(remember("flood", "more")).isEqualTo(FULL);
    assertThat(remember("flood", "fill-7")).as("a replay is told as one").isEqualTo(REPLAYED);

    assertThat(fill("web", 20)).isEqualTo(20);
  }

  @Test
  void manyClientsThatFlood_leaveRoomForOneMore() {
    memory = memory(1_000);
    for (int round = 0; round < 1_000; round++) {
      for (int client = 0; client < 9; client++) {
        remember("flood-" + client, "jti-" + round);
      }
    }

    assertThat(fill("web", 1_000)).isBetween(45, 55);
  }

  @Test
  void share_isFreeAgainWhenItsAssertionsDie() {
    fill("flood", 1_000);
    assertThat(remember("flood", "more")).isEqualTo(FULL);
    now = now.plus(LIFE.plusMinutes(1));

    assertThat(fill("flood", 1_000)).isEqualTo(50);
  }

  @Test
  void full_isNeverOverrun() {
    memory = memory(64);
    int taken = 0;
    for (int client = 0; client < 100; client++) {
      taken += fill("client-" + client, 1_000);
    }

    assertThat(taken).isEqualTo(64);
    assertThat(remember("another", "1")).isEqualTo(FULL);
  }

  @Test
  void twoProcesses_keepOtherFingerprints() {
    remember("a", "1");
    memory = memory(100);

    assertThat(remember("a", "1")).isEqualTo(FIRST_USE);
  }

  @Test
  void oneAssertionOnManyThreads_isGoodOnce() throws Exception {
    var tasks = new ArrayList<Callable<ReplayStore.Outcome>>();
    for (int i = 0; i < 64; i++) {
      tasks.add(() -> remember("a", "1"));
    }
    int good = 0;
    var threads = Executors.newFixedThreadPool(16);
    try {
      for (var each : threads.invokeAll(tasks)) {
        good += each.get() == FIRST_USE ? 1 : 0;
      }
    } finally {
      threads.shutdown();
    }

    assertThat(good).isEqualTo(1);
  }
}
