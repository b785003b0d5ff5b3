package dev.ingam.server.door;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Request;

/// The memory that large bodies may take at once. A request takes what it says it will send before
/// its body is read, and gives it back when it has its answer. Small bodies do not count, so that a
/// flood of large ones holds up nothing but large ones.
public final class BodyBudget {
  private static final int SMALL = 16 << 10;
  private static final int UNIT = 1 << 10;

  private final Semaphore units;
  private final Duration patience;

  /// @param bytes at least the longest body of any door
  /// @param patience how long a request waits for its share
  public BodyBudget(int bytes, Duration patience) {
    for (var body : Body.values()) {
      if (bytes < body.limit()) {
        throw new IllegalArgumentException("expected at least " + body.limit() + ", came " + bytes);
      }
    }
    this.units = new Semaphore(bytes / UNIT, true);
    this.patience = patience;
  }

  /// The units that the body of a request needs; one of unknown length needs its limit.
  static int units(Request request, Body body) {
    var length = request.getLength();
    var bytes = length < 0 ? body.limit() : Math.min(length, body.limit());
    return bytes <= SMALL ? 0 : (int) ((bytes + UNIT - 1) / UNIT);
  }

  /// False when they are not free in time.
  boolean take(int wanted) {
    if (wanted == 0) {
      return true;
    }
    try {
      return units.tryAcquire(wanted, patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  void giveBack(int taken) {
    units.release(taken);
  }

  /// Bytes that nothing has taken at this moment.
  public int free() {
    return units.availablePermits() * UNIT;
  }
}
