package dev.ingam.issuance;

import dev.ingam.keys.Alarm;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is done each second beside the requests. The lease has a thread of its own, so that nothing
/// slow lets it end, and so has the ledger, which takes seconds to seal a book or to wait for the
/// bytes of the next one. A task that fails, by an error of the JVM too, is tried again the next
/// second, and alarms until it succeeds.
final class Housekeeping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

  private final Clock clock;
  private final ScheduledExecutorService others = thread("ingam-issuance");
  private final List<ScheduledExecutorService> all = new CopyOnWriteArrayList<>(List.of(others));
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
    eachSecondApart(
        "lease",
        () -> {
          if (!nodeLease.renew()) {
            throw new IllegalStateException("expected to renew the lease of this node");
          }
        });
  }

  /// Runs a task each second, one after the other with its siblings.
  void eachSecond(String name, Runnable task) {
    schedule(others, name, task);
  }

  /// Runs a task each second, one after the other with its siblings, but not while this holds. What
  /// refreshes from a database does not while that is behind: what was believed stays, and nothing
  /// is told as somebody's work that only the older rows are.
  void eachSecondUnless(BooleanSupplier held, String name, Runnable task) {
    eachSecond(
        name,
        () -> {
          if (!held.getAsBoolean()) {
            task.run();
          }
        });
  }

  /// Runs a task each second on a thread of its own.
  void eachSecondApart(String name, Runnable task) {
    var own = thread("ingam-" + name);
    all.add(own);
    schedule(own, name, task);
  }

  private void schedule(ScheduledExecutorService thread, String name, Runnable task) {
    var _ = thread.scheduleWithFixedDelay(() -> run(name, task), 1, 1, TimeUnit.SECONDS);
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
    return all.stream().allMatch(ScheduledExecutorService::isTerminated);
  }

  /// Ends all tasks and waits for those under way: a lease renewed after it was given up would keep
  /// the next node out.
  @Override
  public void close() {
    all.forEach(ScheduledExecutorService::shutdown);
    try {
      for (var thread : all) {
        if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
          thread.shutdownNow();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      all.forEach(ScheduledExecutorService::shutdownNow);
    }
  }
}
