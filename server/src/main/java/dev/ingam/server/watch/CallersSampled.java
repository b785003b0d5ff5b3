package dev.ingam.server.watch;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/// How many requests a second are traced because their caller says so. A proxy may pass on what its
/// client wrote, so that is bounded. Safe to call concurrently.
final class CallersSampled {
  static final int A_SECOND = 50;

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanos;
  private final AtomicReference<Spell> spell;

  /// A second, and how many it had.
  private record Spell(long begun, int taken) {
    Spell next(long now) {
      return now - begun < SECOND
          ? new Spell(begun, Math.min(taken, A_SECOND) + 1)
          : new Spell(now, 1);
    }
  }

  /// @param nanos a monotonic clock
  CallersSampled(LongSupplier nanos) {
    this.nanos = nanos;
    this.spell = new AtomicReference<>(new Spell(nanos.getAsLong(), 0));
  }

  /// Whether one more is traced.
  boolean take() {
    var now = nanos.getAsLong();
    return spell.updateAndGet(before -> before.next(now)).taken() <= A_SECOND;
  }
}
