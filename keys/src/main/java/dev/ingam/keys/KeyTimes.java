package dev.ingam.keys;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// When a signing key did what.
///
/// @param endedAt when it became RETIRED, REVOKED or DESTROYED
record KeyTimes(
    @Nullable Instant activatedAt,
    @Nullable Instant signsUntil,
    @Nullable Instant verifiesUntil,
    @Nullable Instant taintedAt,
    @Nullable Instant endedAt) {
  static final KeyTimes NONE = new KeyTimes(null, null, null, null, null);

  KeyTimes activated(Instant at, Instant until) {
    return new KeyTimes(at, until, null, null, null);
  }

  KeyTimes signsUntil(@Nullable Instant until) {
    return new KeyTimes(activatedAt, until, verifiesUntil, taintedAt, endedAt);
  }

  KeyTimes stopped(Instant until) {
    return new KeyTimes(activatedAt, signsUntil, until, taintedAt, endedAt);
  }

  KeyTimes tainted(Instant at, Instant until) {
    return new KeyTimes(activatedAt, signsUntil, until, at, endedAt);
  }

  KeyTimes ended(Instant at) {
    return new KeyTimes(activatedAt, signsUntil, verifiesUntil, taintedAt, at);
  }
}
