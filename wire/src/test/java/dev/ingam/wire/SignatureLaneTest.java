package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class SignatureLaneTest {
  @Test
  void run_noPlaceFree() throws Exception {
    var lane = new SignatureLane(1);
    var inside = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    var thread = Executors.newSingleThreadExecutor();
    try {
      var first =
          thread.submit(() ->
              lane.run(() -> {
                inside.countDown();
                try {
                  leave.await();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
                return "first";
              }));
      inside.await();
      assertThat(lane.<String>run(() -> "second")).isNull();
      leave.countDown();
      assertThat(first.get()).isEqualTo("first");
      assertThat(lane.<String>run(() -> "third")).isEqualTo("third");
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void run_failingWork_givesThePlaceBack() {
    var lane = new SignatureLane(1);
    assertThatThrownBy(() ->
            lane.run(() -> {
              throw new IllegalStateException("x");
            }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(lane.<String>run(() -> "next")).isEqualTo("next");
  }

  @Test
  void run_interrupted() {
    var lane = new SignatureLane(1);
    Thread.currentThread().interrupt();
    assertThat(lane.<String>run(() -> "x")).isNull();
    assertThat(Thread.interrupted()).isTrue();
  }
}
