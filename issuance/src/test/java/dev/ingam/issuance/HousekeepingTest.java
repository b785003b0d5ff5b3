package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.testkit.SettableClock;
import dev.ingam.testkit.Until;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
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
  void task_whileItIsHeld_doesNotRun() {
    var behind = new AtomicBoolean(true);
    var refreshes = new AtomicInteger();
    var others = new AtomicInteger();
    try (var house = new Housekeeping(SettableClock.at("2026-11-23T09:00:00Z"))) {
      house.eachSecondUnless(behind::get, "refresh", refreshes::incrementAndGet);
      house.eachSecond("other", others::incrementAndGet);

      Until.isTrue("other task, twice", DEADLINE, () -> others.get() > 1);
      assertThat(refreshes).hasValue(0);
      behind.set(false);
      Until.isTrue("refreshed", DEADLINE, () -> refreshes.get() > 0);
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
  void slowTaskApart_keepsNoOtherWaiting() {
    var slow = new CountDownLatch(1);
    var begun = new AtomicBoolean();
    var others = new AtomicInteger();
    try (var house = new Housekeeping(SettableClock.at("2026-11-23T09:00:00Z"))) {
      house.eachSecondApart(
          "slow",
          () -> {
            begun.set(true);
            awaitQuietly(slow);
          });
      house.eachSecond("other", others::incrementAndGet);

      Until.isTrue("slow task", DEADLINE, begun::get);
      var before = others.get();
      Until.isTrue("other task", DEADLINE, () -> others.get() > before + 1);
      slow.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void closing_endsAllTasks() {
    var runs = new AtomicInteger();
    var house = new Housekeeping(SettableClock.at("2026-11-23T09:00:00Z"));
    house.eachSecond("task", runs::incrementAndGet);
    house.eachSecondApart("other", runs::incrementAndGet);
    Until.isTrue("first run", DEADLINE, () -> runs.get() > 0);

    house.close();

    assertThat(house.isStopped()).isTrue();
  }
}
