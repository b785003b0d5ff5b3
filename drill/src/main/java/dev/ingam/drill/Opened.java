package dev.ingam.drill;

import dev.ingam.drill.web.DrillException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.function.Supplier;

/// What a drill has started, to be closed with it. Safe to close from another thread: nothing is
/// half started then, and nothing starts afterwards.
final class Opened implements AutoCloseable {
  private final String of;

  /// The last one first. Guarded by this.
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  /// Guarded by this.
  private boolean closed;

  /// @param of what it belongs to, for the error
  Opened(String of) {
    this.of = of;
  }

  /// Makes and remembers what close() closes.
  synchronized <T extends AutoCloseable> T add(Supplier<T> making) {
    if (closed) {
      throw new DrillException("stopped");
    }
    var resource = making.get();
    started.push(resource);
    return resource;
  }

  /// Closes the last one first, whatever of it fails.
  @Override
  public synchronized void close() {
    closed = true;
    var problems = new ArrayList<String>();
    while (!started.isEmpty()) {
      var resource = started.pop();
      try {
        resource.close();
      } catch (Exception e) {
        problems.add(e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new DrillException("not all of the " + of + " could be stopped: " + problems);
    }
  }
}
