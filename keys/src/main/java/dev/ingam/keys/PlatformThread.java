package dev.ingam.keys;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Work that must not wait for its turn, done on a thread of the platform whoever asks for it.
///
/// A virtual thread queues behind all others each time the database has answered it. Under a flood
/// that is a hundredth of a second a statement: what replaces a stolen key would take ten seconds,
/// and hold the lock of the keys for as long.
public final class PlatformThread {
  private PlatformThread() {}

  /// Does the work and waits for it, also when the caller is interrupted: it may be half done.
  ///
  /// @return what it returns; it throws what the work throws
  public static <T> T call(Supplier<T> work) {
    if (!Thread.currentThread().isVirtual()) {
      return work.get();
    }
    var task = new FutureTask<>(work::get);
    Thread.ofPlatform().name("apart").daemon().start(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw unchecked(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// A supplier throws nothing else.
  private static RuntimeException unchecked(@Nullable Throwable thrown) {
    return switch (thrown) {
      case Error error -> throw error;
      case RuntimeException exception -> exception;
      case null, default -> new IllegalStateException("expected an unchecked exception", thrown);
    };
  }
}
