package dev.ingam.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeyLockTest {
  @Test
  void virtualThreads_takeTurnsOnThePlatform() throws Exception {
    var lock = new KeyLock();
    var inside = new AtomicInteger();
    Callable<Boolean> alone =
        () ->
            lock.locked(() -> {
              var first = inside.incrementAndGet() == 1;
              Thread.yield();
              return inside.decrementAndGet() == 0 && first && !Thread.currentThread().isVirtual();
            });
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var each : threads.invokeAll(Stream.generate(() -> alone).limit(100).toList())) {
        assertThat(each.get()).isTrue();
      }
    }
  }
}
