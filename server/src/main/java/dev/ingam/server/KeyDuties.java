package dev.ingam.server;

import dev.ingam.keys.KeyLifecycle;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets keys live by the clock: each second what is due is done. A failure is logged once and tried
/// again; that a duty is overdue is the life cycle's own alarm.
final class KeyDuties implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeyDuties.class);
  private static final int PATIENCE_SECONDS = 10;

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("keys").daemon().factory());
  private final KeyLifecycle lifecycle;
  // Owned by the one thread.
  private boolean failing;

  KeyDuties(KeyLifecycle lifecycle) {
    this.lifecycle = lifecycle;
  }

  void start() {
    var _ = thread.scheduleWithFixedDelay(this::run, 1, 1, TimeUnit.SECONDS);
  }

  private void run() {
    try {
      lifecycle.runDue();
      if (failing) {
        LOG.atInfo().log("The duties of keys are done again");
      }
      failing = false;
    } catch (RuntimeException e) {
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
