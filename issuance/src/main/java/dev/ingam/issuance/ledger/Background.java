package dev.ingam.issuance.ledger;

import java.util.concurrent.locks.LockSupport;

/// The ledger's threads: one forces entries to the disk each 100 ms, one makes the next book as
/// soon as it is wanted, one looks at the clock. Platform threads, since they sit in system calls.
final class Background implements AutoCloseable {
  private static final long ROUND_NANOS = 100_000_000;

  private final Bookcase books;
  private final Thread syncing;
  private final Thread ticking;
  private final Thread making;
  private volatile boolean stopped;

  Background(Bookcase books) {
    this.books = books;
    syncing = Thread.ofPlatform().daemon().name("ledger-sync").unstarted(this::sync);
    ticking = Thread.ofPlatform().daemon().name("ledger-clock").unstarted(this::tick);
    making = Thread.ofPlatform().daemon().name("ledger-books").unstarted(this::makeBooks);
  }

  void start() {
    syncing.start();
    ticking.start();
    making.start();
  }

  private void sync() {
    while (!stopped) {
      books.sync();
      LockSupport.parkNanos(this, ROUND_NANOS);
    }
  }

  private void tick() {
    while (!stopped) {
      books.lookAtClock();
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
    LockSupport.unpark(syncing);
    LockSupport.unpark(ticking);
    join(syncing);
    join(ticking);
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
