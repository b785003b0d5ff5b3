package dev.ingam.drill.web;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/// A few threads that share one numbered list of work.
public final class Crew implements AutoCloseable {
  private final int size;
  private final ExecutorService threads;

  public Crew(int size) {
    this.size = size;
    this.threads = Executors.newFixedThreadPool(size, Thread.ofPlatform().daemon().factory());
  }

  /// Does the work of each number from 1 to `count`; returns when all is done, fails with the first
  /// failure.
  public void each(int count, IntConsumer work) {
    var next = new AtomicInteger(1);
    var hands =
        IntStream.range(0, size)
            .mapToObj(hand -> threads.submit(() -> drain(next, count, work)))
            .toList();
    try {
      hands.forEach(Crew::await);
    } finally {
      next.set(count + 1);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private static void drain(AtomicInteger next, int count, IntConsumer work) {
    for (int number = next.getAndIncrement(); number <= count; number = next.getAndIncrement()) {
      work.accept(number);
    }
  }

  private static void await(Future<?> hand) {
    try {
      hand.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DrillException failure) {
        throw failure;
      }
      throw new DrillException("a thread of the drill failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DrillException("stopped", e);
    }
  }
}
