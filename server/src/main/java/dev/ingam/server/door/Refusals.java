package dev.ingam.server.door;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/// How often a source may be refused: whoever guesses secrets or sends junk is sent away unheard,
/// while one whose requests are good pays nothing, however many they are.
///
/// One number a source, the moment at which all its refusals are paid for (the generic cell rate
/// algorithm), in a table of fixed size at a place that is hashed under a secret: no flood of
/// sources takes memory, and nobody chooses whom he shares a place with. Never waits.
public final class Refusals {
  private static final int PLACES = 1 << 16;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final AtomicLongArray paidAt = new AtomicLongArray(PLACES);
  private final long interval;
  private final long ahead;
  private final long secret;
  private final LongSupplier nanos;
  private final long begun;

  /// @param perSecond so many refusals a second for ever, and those of ten seconds at once
  /// @param secret random
  /// @param nanos a monotonic clock
  public Refusals(int perSecond, long secret, LongSupplier nanos) {
    this.interval = SECOND / perSecond;
    this.ahead = 10 * SECOND;
    this.secret = secret;
    this.nanos = nanos;
    this.begun = nanos.getAsLong();
  }

  /// Whether a request from there is heard.
  boolean admits(InetAddress source) {
    return paidAt.get(place(source)) - now() <= ahead;
  }

  /// One request from there was refused.
  void count(InetAddress source) {
    var now = now();
    paidAt.getAndUpdate(place(source), paid -> Math.max(paid, now) + interval);
  }

  private long now() {
    return nanos.getAsLong() - begun;
  }

  private int place(InetAddress source) {
    long network = Sources.network(source);
    long mixed = (network ^ secret) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 32) ^ Long.rotateLeft(secret, 32)) * 0xBF58476D1CE4E5B9L;
    return (int) (mixed >>> 48) & (PLACES - 1);
  }
}
