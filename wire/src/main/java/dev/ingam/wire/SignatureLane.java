package dev.ingam.wire;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Few places for the signatures of tokens of which nothing good is known: whoever sends junk waits
/// for others who send junk, and the rest of the processor is left to everybody else.
public final class SignatureLane {
  private static final long PATIENCE_MILLIS = 500;

  private final Semaphore places;

  public SignatureLane(int places) {
    this.places = new Semaphore(places);
  }

  /// The result of `work`, or null when no place came free in time.
  public <T> @Nullable T run(Supplier<T> work) {
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
