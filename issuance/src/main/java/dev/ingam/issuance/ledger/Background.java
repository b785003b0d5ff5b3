package dev.ingam.issuance.ledger;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The ledger's two threads: one forces entries to the disk each 100 ms, one makes the next book as
/// soon as it is wanted. Platform threads, since both sit in system calls.
final class Background implements AutoCloseable {
  private static final long ROUND_NANOS = 100_000_000;

  private final Bookcase books;
  private final @Nullable Thread syncing;
  private final Thread making;
  private volatile boolean stopped;

  Background(Bookcase books, boolean sync) {
    this.books = books;
    syncing = sync ? Thread.ofPlatform().daemon().name("ledger-sync").unstarted(this::sync) : null;
    making = Thread.ofPlatform().daemon().name("ledger-books").unstarted(this::makeBooks);
  }

  void start() {
    if (syncing != null) {
      syncing.start();
    }
    making.start();
  }

  private void sync() {
    while (!stopped) {
      books.sync();
      LockSupport.parkNanos(this, ROUND_NANOS);
    }
  }

  private void makeBooks() {
    while (!stopped) {
      books.makeSpareWhenWanted();
    }
  }

  /// Ends both threads and waits for them.
  @Override
  public void close() {
    stopped = true;
    books.stop();
    if (syncing != null) {
      LockSupport.unpark(syncing);
      join(syncing);
    }
    join(making);
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
