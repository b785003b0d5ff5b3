package dev.ingam.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that stands still until a test moves it. Always UTC; safe to share between threads.
public final class SettableClock extends Clock {
  private final AtomicReference<Instant> now;

  private SettableClock(Instant start) {
    this.now = new AtomicReference<>(start);
  }

  /// A clock that stands at this moment.
  public static SettableClock at(Instant start) {
    return new SettableClock(start);
  }

  /// A clock that stands at this moment in ISO form, for example `2026-11-23T00:00:00Z`.
  public static SettableClock at(String start) {
    return new SettableClock(Instant.parse(start));
  }

  /// Moves the clock to this moment, backwards too.
  public void set(Instant moment) {
    now.set(moment);
  }

  /// Moves the clock by this much (backwards when negative) and answers where it stands then.
  public Instant advance(Duration step) {
    return now.updateAndGet(instant -> instant.plus(step));
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  /// The same clock: all of it is UTC.
  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
