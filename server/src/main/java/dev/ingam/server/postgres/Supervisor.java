package dev.ingam.server.postgres;

import dev.ingam.keys.Alarm;
import dev.ingam.server.start.StartFailure;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one postmaster that this process runs: begins it, begins it again when it dies, and ends it.
/// A restart has the same port and options, so that who is connected just connects again; one that
/// fails is tried again for ever, with pauses that double up to a minute. Once `close` was called
/// none begins.
final class Supervisor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

  /// A stop of the whole machine ends PostgreSQL as well as this process: its own stop comes first.
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /// Who lived for so long is no longer held to be dying of one cause.
  private static final Duration STEADY = Duration.ofMinutes(1);

  private static final Duration REMEMBERED = Duration.ofDays(1);

  /// What went wrong.
  ///
  /// @param failure why it could not be started again, so far; null while that was not tried
  /// @param restartedAt null while it is down
  private record Trouble(
      int times,
      Instant diedAt,
      int exitCode,
      @Nullable String failure,
      @Nullable Instant restartedAt) {
    Trouble because(String message) {
      return new Trouble(times, diedAt, exitCode, message, null);
    }

    Trouble ended(Instant now) {
      return new Trouble(times, diedAt, exitCode, null, now);
    }
  }

  private final Clock clock;
  private final CountDownLatch closing = new CountDownLatch(1);
  // Held while a process begins, so that none begins once it is said that none may.
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by lock.
  private @Nullable Thread watcher;
  // Written under lock.
  private volatile @Nullable Running running;
  // The watcher's.
  private Duration pause = FIRST_PAUSE;
  private volatile @Nullable Trouble trouble;

  private record Running(Launch launch, Process process) {}

  Supervisor(Clock clock) {
    this.clock = clock;
  }

  /// Begins the postmaster and waits until it takes connections.
  ///
  /// @throws StartFailure when it does not start
  /// @throws IllegalStateException when this is closed
  void start(Launch launch) throws IOException {
    launch.awaitReady(begin(launch, false));
  }

  /// Begins it again whenever it ends, from now on.
  void watch() {
    lock.lock();
    try {
      if (!isClosing() && watcher == null) {
        watcher = Thread.ofPlatform().name("postgres-watch").daemon().start(this::watchOn);
      }
    } finally {
      lock.unlock();
    }
  }

  /// The process of the postmaster; of the last one while none runs.
  long pid() {
    var now = running;
    return now == null ? 0 : now.process().pid();
  }

  /// What a person must look at.
  List<Alarm> alarms() {
    var now = trouble;
    if (now == null) {
      return List.of();
    }
    var restarted = now.restartedAt();
    if (restarted == null) {
      return List.of(down(now));
    }
    return clock.instant().isBefore(restarted.plus(REMEMBERED))
        ? List.of(restarted(now))
        : List.of();
  }

  /// Ends the postmaster for good. Idempotent; waits for a restart that is under way.
  @Override
  public void close() {
    join(closing());
    var last = running;
    if (last != null) {
      stop(last);
    }
  }

  private Process begin(Launch launch, boolean again) throws IOException {
    lock.lock();
    try {
      if (isClosing()) {
        throw new IllegalStateException("the server stops; PostgreSQL is not started any more");
      }
      var process = launch.begin(again);
      running = new Running(launch, process);
      return process;
    } finally {
      lock.unlock();
    }
  }

  private void watchOn() {
    try {
      for (var now = running; now != null && !isClosing(); now = running) {
        long since = System.nanoTime();
        int code = now.process().waitFor();
        if (System.nanoTime() - since > STEADY.toNanos()) {
          pause = FIRST_PAUSE;
        }
        restart(now.launch(), code);
      }
    } catch (InterruptedException _) {
      // By close: nobody watches any more.
      Thread.currentThread().interrupt();
    }
  }

  private void restart(Launch launch, int code) throws InterruptedException {
    var before = trouble;
    int times = before == null ? 1 : before.times() + 1;
    var died = new Trouble(times, clock.instant(), code, null, null);
    if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
      return;
    }
    trouble = died;
    LOG.atError()
        .addKeyValue("exit_code", code)
        .log("PostgreSQL ended by itself; it is started again");
    do {
      pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
    } while (!restarted(launch, died) && !closing.await(pause.toMillis(), TimeUnit.MILLISECONDS));
  }

  private boolean restarted(Launch launch, Trouble died) {
    try {
      launch.cluster().free();
      launch.awaitReady(begin(launch, true));
      trouble = died.ended(clock.instant());
      LOG.atError().addKeyValue("pid", pid()).log("PostgreSQL was started again");
      return true;
    } catch (IOException | RuntimeException e) {
      if (!isClosing()) {
        trouble = died.because(String.valueOf(e.getMessage()));
        LOG.atError()
            .addKeyValue("next_try_in", pause)
            .setCause(e)
            .log("PostgreSQL could not be started again");
      }
      return false;
    }
  }

  private static Alarm down(Trouble now) {
    var failure = now.failure();
    return new Alarm(
        "database_down",
        now.diedAt(),
        "The server's PostgreSQL ended with exit code "
            + now.exitCode()
            + " and does not run"
            + (failure == null ? "." : ": " + failure + "."),
        "Read postgres.log in the data folder; a start is tried at least once a minute.");
  }

  private static Alarm restarted(Trouble now) {
    return new Alarm(
        "database_restarted",
        now.diedAt(),
        "The server's PostgreSQL ended by itself (exit code "
            + now.exitCode()
            + ", "
            + now.times()
            + " time(s) since the server started) and was started again at "
            + now.restartedAt()
            + ".",
        "Read postgres.log in the data folder, and see whether the machine ran out of memory.");
  }

  /// Who watches until now; nobody begins a process from here on.
  private @Nullable Thread closing() {
    lock.lock();
    try {
      closing.countDown();
      return watcher;
    } finally {
      lock.unlock();
    }
  }

  private static void join(@Nullable Thread thread) {
    if (thread == null) {
      return;
    }
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void stop(Running last) {
    try {
      if (last.process().isAlive()) {
        last.launch().cluster().stop(last.process().pid());
      }
    } catch (IOException | StartFailure e) {
      LOG.atWarn().setCause(e).log("PostgreSQL did not stop");
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
