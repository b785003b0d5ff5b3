package dev.ingam.verifier;

import dev.ingam.wire.LedgerItem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tokens on their way to the server that were accepted although the ledger would have refused
/// them. One daemon thread sends what waits at once, up to 256 together, and what does not arrive
/// again each second: a ledger that is away is the very case that is to be seen. Nobody waits for
/// it. What finds 1,024 waiting is dropped, counted, and logged as an error once for each run of
/// drops.
final class ObservedReports implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ObservedReports.class);
  private static final int MOST = 1024;
  private static final int MAX_BATCH = 256;
  private static final long AGAIN_MILLIS = 1000;

  private final LedgerDoor door;
  private final BlockingQueue<LedgerItem> queue = new ArrayBlockingQueue<>(MOST);
  private final LongAdder dropped = new LongAdder();
  private final AtomicBoolean dropping = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  ObservedReports(LedgerDoor door) {
    this.door = door;
    this.thread = new Thread(this::sendUntilClosed, "ingam-observed");
    thread.setDaemon(true);
    thread.start();
  }

  /// Returns at once.
  void add(LedgerItem item) {
    if (queue.offer(item)) {
      dropping.set(false);
      return;
    }
    dropped.increment();
    if (dropping.compareAndSet(false, true)) {
      log.atError()
          .addKeyValue("waiting", MOST)
          .log("Reports of observed tokens are dropped; the server's counts lack them");
    }
  }

  /// How many were dropped.
  long dropped() {
    return dropped.sum();
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
  }

  private void sendUntilClosed() {
    var batch = new ArrayList<LedgerItem>(MAX_BATCH);
    try {
      while (closed.getCount() > 0) {
        if (batch.isEmpty()) {
          batch.add(queue.take());
        }
        queue.drainTo(batch, MAX_BATCH - batch.size());
        if (arrives(batch)) {
          batch.clear();
        } else if (closed.await(AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private boolean arrives(List<LedgerItem> batch) {
    try {
      return !door.ask(batch).isEmpty();
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("Reports of observed tokens failed; they are sent again");
      return false;
    }
  }
}
