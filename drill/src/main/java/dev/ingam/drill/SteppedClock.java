package dev.ingam.drill;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/// The wall clock of a soak's host: the true time, put forward or back. Its server lives by it, and
/// so does whoever asks the server. Safe to call from many threads; one sets it.
final class SteppedClock extends Clock {
  private final Clock base;
  private volatile Duration offset = Duration.ZERO;
  private volatile Duration farthest = Duration.ZERO;
  private volatile long movedNanos = System.nanoTime();

  SteppedClock(Clock base) {
    this.base = base;
  }

  void putTo(Duration newOffset) {
    offset = newOffset;
    movedNanos = System.nanoTime();
    if (newOffset.compareTo(farthest) > 0) {
      farthest = newOffset;
    }
  }

  /// Whether a process that looks at it now and then may live by the time before.
  boolean hasJustMoved() {
    return System.nanoTime() - movedNanos < FakeTime.LATENESS.toNanos();
  }

  /// Whether it shows times that it has shown before.
  boolean isBehindItself() {
    return offset.compareTo(farthest) < 0;
  }

  /// The host's programs have begun anew: nobody remembers what it showed before.
  void forget() {
    farthest = offset;
  }

  @Override
  public Instant instant() {
    return base.instant().plus(offset);
  }

  @Override
  public ZoneId getZone() {
    return base.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("expected nobody to ask for another zone: it is UTC");
  }
}
