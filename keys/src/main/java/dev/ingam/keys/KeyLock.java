package dev.ingam.keys;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Who holds it uses the [KeyRoom], alone, and on a thread of the platform: what is done there asks
/// the database many times, and everybody else who comes for a key waits for it.
final class KeyLock {
  private final ReentrantLock lock = new ReentrantLock();

  <T> T locked(Supplier<T> action) {
    return PlatformThread.call(() -> {
      lock.lock();
      try {
        return action.get();
      } finally {
        lock.unlock();
      }
    });
  }
}
