package dev.ingam.verifier;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Few places for costly work on tokens of which nothing good is known.
final class UnknownLane {
  private static final long PATIENCE_MILLIS = 500;

  private final Semaphore places;

  UnknownLane(int places) {
    this.places = new Semaphore(places);
  }

  /// The result of `work`, or null when no place came free in time.
  <T> @Nullable T run(Supplier<T> work) {
    try {
      if (!places.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        return null;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
    try {
      return work.get();
    } finally {
      places.release();
    }
  }
}
