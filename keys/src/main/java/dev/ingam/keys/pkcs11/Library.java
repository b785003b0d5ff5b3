package dev.ingam.keys.pkcs11;

import dev.ingam.keys.KeysException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One PKCS #11 library in this process, and its life. Many a library that lost its device finds it
/// again only when it is ended and made ready anew; that ends the sessions of all partitions behind
/// it, and a later session may get an old one's number. So calls share a lock with restarts, and
/// learn the generation: a session of an earlier one is none.
final class Library implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Library.class);
  private static final long WAIT_SECONDS = 2;

  private final Path path;
  private final Cryptoki cryptoki;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  // Both are guarded by lock.
  private long generation = 1;
  private boolean closed;

  /// Of the tokens that were reached since it was made ready.
  private final Set<Long> slots = ConcurrentHashMap.newKeySet();

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
  ///
  /// @throws KeysException STORE_UNAVAILABLE when it is being made ready for too long
  <T> T call(LongFunction<T> calls) {
    if (!taken(lock.readLock())) {
      throw new KeysException(
          KeysException.Code.STORE_UNAVAILABLE,
          "expected the PKCS #11 library "
              + path
              + " to be ready within "
              + WAIT_SECONDS
              + " s, it is still being made ready; it is tried again");
    }
    try {
      if (closed) {
        throw new KeysException(
            KeysException.Code.STORE_UNAVAILABLE, "the PKCS #11 library " + path + " was closed");
      }
      return calls.apply(generation);
    } finally {
      lock.readLock().unlock();
    }
  }

  /// A token in this slot was reached.
  void reached(long slot) {
    slots.add(slot);
  }

  /// Ends the library and makes it ready anew, unless the token of another slot that was reached
  /// still answers: that would lose its sessions for nothing.
  ///
  /// @param slot whose token is lost; -1 for one that never was reached
  /// @return whether it did
  /// @throws RejectedException when it does not become ready, or a call of another hangs
  boolean restart(long slot) {
    if (!taken(lock.writeLock())) {
      throw RejectedException.lost("a call to it does not come back");
    }
    try {
      slots.remove(slot);
      if (closed || slots.stream().anyMatch(this::answers)) {
        return false;
      }
      slots.clear();
      generation++;
      finish();
      cryptoki.initialize();
      return true;
    } finally {
      lock.writeLock().unlock();
    }
  }

  private boolean answers(long slot) {
    try {
      TokenInfo.of(cryptoki, slot);
      return true;
    } catch (RejectedException e) {
      return false;
    }
  }

  /// Ends the library; no call may follow. One that hangs keeps nobody from stopping: then the end
  /// of the process ends it.
  @Override
  public void close() {
    if (!taken(lock.writeLock())) {
      LOG.atWarn().addKeyValue("library", path).log("a call hangs; the library is not ended");
      return;
    }
    try {
      closed = true;
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

  private static boolean taken(Lock wanted) {
    try {
      return wanted.tryLock(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
