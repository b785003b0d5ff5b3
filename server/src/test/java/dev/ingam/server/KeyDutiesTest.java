package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class KeyDutiesTest {
  @Test
  void duties_afterAnError_areTriedAgain() throws InterruptedException {
    var failed = new AtomicBoolean();
    var done = new CountDownLatch(1);
    Runnable due =
        () -> {
          if (failed.compareAndSet(false, true)) {
            throw new OutOfMemoryError("on purpose");
          }
          done.countDown();
        };
    try (var duties = new KeyDuties(due)) {
      duties.start();
      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
