package dev.ingam.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What is done when somebody stops a bench that runs (Ctrl-C, SIGTERM): its processes end, and the
/// folder of the run goes. After `kill -9` the processes end by themselves, and the next bench
/// deletes the folder.
final class Stop implements Runnable {
  private static final long PATIENCE_SECONDS = 60;

  private final PrintStream err;
  private volatile boolean asked;

  /// Of the bench that runs; written by the thread that runs it.
  private volatile @Nullable RunFolder folder;

  Stop(PrintStream err) {
    this.err = err;
  }

  /// From now on this folder goes with the run; null when there is none any more.
  void holds(@Nullable RunFolder running) {
    folder = running;
  }

  /// Whether the bench was stopped: what fails then is no failure of its own.
  boolean isAsked() {
    return asked;
  }

  @Override
  public void run() {
    asked = true;
    var children = ProcessHandle.current().children().toList();
    children.forEach(ProcessHandle::destroy);
    children.forEach(this::await);
    var running = folder;
    if (running != null) {
      try {
        running.close();
      } catch (IOException e) {
        err.println("The folder " + running.path() + " could not be deleted: " + e);
      }
    }
  }

  private void await(ProcessHandle child) {
    try {
      child.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      child.destroyForcibly();
      err.println("Process " + child.pid() + " did not end when asked to, and was killed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
