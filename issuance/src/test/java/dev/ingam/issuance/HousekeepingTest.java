package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.testkit.SettableClock;
import dev.ingam.testkit.Until;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HousekeepingTest {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  @Test
  void failingTask_alarmsUntilItWorksAndStopsNoOther() {
    var fails = new AtomicBoolean(true);
    var others = new AtomicInteger();
    try (var house = new Housekeeping(SettableClock.at("2026-11-23T09:00:00Z"))) {
      house.eachSecond(
          "broken",
          () -> {
            if (fails.get()) {
              throw new IllegalStateException("database away");
            }
          });
      house.eachSecond("other", others::incrementAndGet);

      Until.isTrue("alarm", DEADLINE, () -> !house.alarms().isEmpty());
      assertThat(house.alarms().getFirst().what()).contains("broken");
      Until.isTrue("other task", DEADLINE, () -> others.get() > 0);
      fails.set(false);
      Until.isTrue("no alarm", DEADLINE, () -> house.alarms().isEmpty());
    }
  }

  @Test
  void taskThatRunsOutOfMemory_alarmsAndGoesOn() {
    var runs = new AtomicInteger();
    try (var house = new Housekeeping(SettableClock.at("2026-11-23T09:00:00Z"))) {
      house.eachSecond(
          "hungry",
          () -> {
            if (runs.incrementAndGet() < 3) {
              throw new OutOfMemoryError("as a test says");
            }
          });

      Until.isTrue("alarm", DEADLINE, () -> !house.alarms().isEmpty());
      Until.isTrue("works again", DEADLINE, () -> runs.get() >= 3 && house.alarms().isEmpty());
    }
  }

  @Test
  void closing_endsAllTasks() {
    var runs = new AtomicInteger();
    var house = new Housekeeping(SettableClock.at("2026-11-23T09:00:00Z"));
    house.eachSecond("task", runs::incrementAndGet);
    Until.isTrue("first run", DEADLINE, () -> runs.get() > 0);

    house.close();

    assertThat(house.isStopped()).isTrue();
  }
}
