package dev.ingam.issuance;

import dev.ingam.keys.Alarm;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is done each second beside the requests. The lease has a thread of its own, so that nothing
/// slow lets it end. A task that fails, by an error of the JVM too, is tried again the next second,
/// and alarms until it succeeds.
final class Housekeeping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

  private final Clock clock;
  private final ScheduledExecutorService lease = thread("ingam-lease");
  private final ScheduledExecutorService others = thread("ingam-issuance");
  private final Map<String, Instant> failing = new ConcurrentHashMap<>();

  Housekeeping(Clock clock) {
    this.clock = clock;
  }

  private static ScheduledExecutorService thread(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().name(name).daemon(true).factory());
  }

  /// Renews the lease each second.
  void renew(NodeLease nodeLease) {
    var _ =
        lease.scheduleWithFixedDelay(
            () ->
                run(
                    "lease",
                    () -> {
                      if (!nodeLease.renew()) {
                        throw new IllegalStateException("expected to renew the lease of this node");
                      }
                    }),
            1,
            1,
            TimeUnit.SECONDS);
  }

  /// Runs a task each second, one after the other with its siblings.
  void eachSecond(String name, Runnable task) {
    var _ = others.scheduleWithFixedDelay(() -> run(name, task), 1, 1, TimeUnit.SECONDS);
  }

  private void run(String name, Runnable task) {
    try {
      task.run();
      if (failing.remove(name) != null) {
        LOG.atInfo().addKeyValue("task", name).log("Works again");
      }
    } catch (Throwable e) {
      // An executor would never run again what threw, and tell nobody.
      if (failing.putIfAbsent(name, clock.instant()) == null) {
        LOG.atError().addKeyValue("task", name).setCause(e).log("Failed; tried again each second");
      }
    }
  }

  List<Alarm> alarms() {
    return failing.entrySet().stream()
        .map(each ->
            new Alarm(
                "housekeeping_failed",
                each.getValue(),
                "the task " + each.getKey() + " of issuance fails",
                "look for its cause in the log; see that the database answers"))
        .toList();
  }

  boolean isStopped() {
    return lease.isShutdown() && others.isTerminated();
  }

  @Override
  public void close() {
    lease.shutdownNow();
    others.shutdown();
    try {
      if (!others.awaitTermination(10, TimeUnit.SECONDS)) {
        others.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      others.shutdownNow();
    }
  }
}
