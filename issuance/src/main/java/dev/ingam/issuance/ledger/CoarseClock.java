package dev.ingam.issuance.ledger;

import java.time.Clock;

/// The time as of the last look at it, at most a tenth of a second ago: reading a real clock would
/// stop the processor from working on the next token while it waits for this one's slot.
final class CoarseClock {
  private final Clock clock;
  private volatile long seconds;

  CoarseClock(Clock clock) {
    this.clock = clock;
    look();
  }

  void look() {
    seconds = clock.millis() / 1000;
  }

  long seconds() {
    return seconds;
  }
}
