package dev.ingam.server.door;

import java.util.concurrent.atomic.LongAdder;

/// Counts requests that have come in and not yet been answered, so that a stop can wait for them.
public final class InFlight {
  private final LongAdder entered = new LongAdder();
  private final LongAdder left = new LongAdder();

  void enter() {
    entered.increment();
  }

  void leave() {
    left.increment();
  }

  /// Requests at this moment; exact once nothing new comes in.
  public long count() {
    var gone = left.sum();
    return entered.sum() - gone;
  }
}
