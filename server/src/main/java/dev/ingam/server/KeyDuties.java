package dev.ingam.server;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets keys live by the clock: each second what is due is done. A failure of any kind, of the
/// JVM's memory too, is logged once and tried again: nothing ends the duties but their close. That
/// a duty is overdue is the life cycle's own alarm.
final class KeyDuties implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeyDuties.class);
  private static final int PATIENCE_SECONDS = 10;

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("keys").daemon().factory());
  private final Runnable due;
  // Owned by the one thread.
  private boolean failing;

  /// @param due does what is due
  KeyDuties(Runnable due) {
    this.due = due;
  }

  void start() {
    var _ = thread.scheduleWithFixedDelay(this::run, 1, 1, TimeUnit.SECONDS);
  }

  private void run() {
    try {
      due.run();
      if (failing) {
        LOG.atInfo().log("The duties of keys are done again");
      }
      failing = false;
    } catch (Throwable e) {
      if (!failing) {
        LOG.atError().setCause(e).log("The duties of keys failed; tried again each second");
      }
      failing = true;
    }
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
