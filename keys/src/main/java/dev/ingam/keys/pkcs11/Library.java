package dev.ingam.keys.pkcs11;

import dev.ingam.keys.KeysException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongFunction;

/// One PKCS #11 library in this process, and its life. Many a library that lost its device finds it
/// again only when it is ended and made ready anew; that ends the sessions of all partitions behind
/// it, and a later session may get an old one's number. So calls share a lock with restarts, and
/// learn the generation: a session of an earlier one is none.
final class Library implements AutoCloseable {
  private static final long WAIT_SECONDS = 2;

  private final Path path;
  private final Cryptoki cryptoki;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  // Guarded by lock.
  private long generation = 1;

  private Library(Path path, Cryptoki cryptoki) {
    this.path = path;
    this.cryptoki = cryptoki;
  }

  static Library open(Path path) {
    var cryptoki = Cryptoki.load(path);
    try {
      cryptoki.initialize();
    } catch (RejectedException e) {
      throw new KeysException(
          KeysException.Code.STORE_UNAVAILABLE,
          "expected the PKCS #11 library " + path + " to start: " + e.getMessage(),
          e);
    }
    return new Library(path, cryptoki);
  }

  Cryptoki cryptoki() {
    return cryptoki;
  }

  /// Runs calls beside those of others; they get the generation.
  <T> T call(LongFunction<T> calls) {
    lock.readLock().lock();
    try {
      return calls.apply(generation);
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Runs calls while nobody else runs any; they get the generation.
  ///
  /// @throws RejectedException when a call of another hangs
  <T> T alone(LongFunction<T> calls) {
    if (!taken()) {
      throw RejectedException.lost("a call to it does not come back");
    }
    try {
      return calls.apply(generation);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /// Ends the library and makes it ready anew. Called alone.
  ///
  /// @return the new generation
  /// @throws RejectedException when it does not become ready
  long restart() {
    if (!lock.isWriteLockedByCurrentThread()) {
      throw new IllegalStateException("expected to be called alone");
    }
    generation++;
    finish();
    cryptoki.initialize();
    return generation;
  }

  /// Ends the library; no call may follow.
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      generation++;
      finish();
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public String toString() {
    return "Library[" + path + "]";
  }

  /// One that lost its device may not even end in order; that is no reason not to begin anew.
  private void finish() {
    try {
      cryptoki.finish();
    } catch (RejectedException e) {
      if (!e.isLost()) {
        throw e;
      }
    }
  }

  private boolean taken() {
    try {
      return lock.writeLock().tryLock(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
