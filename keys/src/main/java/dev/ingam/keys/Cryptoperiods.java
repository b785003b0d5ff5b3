package dev.ingam.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Until when each key may sign, by two clocks at once. The row says it by the wall clock, which
/// somebody may put back; the deadline kept here, by the monotonic one, is fixed when this process
/// first sees the key ACTIVE, by what remains of its cryptoperiod then. Later readings may bring it
/// forward and never put it off. Whichever comes first ends the key: while a machine sleeps the
/// monotonic clock stands still, and the wall clock ends it. Used by one thread at a time.
///
/// Given up: a wall clock put back while no server runs, to a moment after the activation. Nobody
/// here saw the time pass; the key then signs longer by as much, once.
final class Cryptoperiods {
  /// What clocks of one machine, corrected, and of several machines may differ by.
  private static final Duration SKEW = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(Cryptoperiods.class);

  private final Clocks clocks;
  // By kid, of every key that was ACTIVE in this process: a row that goes and comes again must not
  // start a period anew.
  private final Map<String, Long> deadlines = new HashMap<>();

  Cryptoperiods(Clocks clocks) {
    this.clocks = clocks;
  }

  /// The monotonic moment in nanoseconds at which an ACTIVE key stops to sign, now that its row was
  /// read.
  long read(KeyRow key) {
    long nanos = clocks.nanos().getAsLong();
    var now = clocks.wall().instant();
    var known = deadlines.get(key.kid());
    long read = nanos + (known == null ? atFirst(key, now) : remaining(key, now)).toNanos();
    long deadline = known == null || read - known < 0 ? read : known;
    deadlines.put(key.kid(), deadline);
    return deadline;
  }

  /// When a key stops to sign, told by the wall clock, by whichever clock says so first; null when
  /// it does not sign.
  @Nullable Instant endsAt(KeyRow key, Instant now) {
    var until = key.signsUntil();
    if (until == null) {
      return null;
    }
    var known = deadlines.get(key.kid());
    long deadline = known == null ? read(key) : known;
    var end = now.plusNanos(deadline - clocks.nanos().getAsLong());
    return end.isBefore(until) ? end : until;
  }

  /// By how much the wall clock was put back since the deadline of this key was fixed, as far as it
  /// shows: zero when it was not.
  Duration putBack(KeyRow key, Instant now) {
    var until = key.signsUntil();
    var end = endsAt(key, now);
    return until == null || end == null ? Duration.ZERO : Duration.between(end, until);
  }

  /// A key that was activated in the future has signed for nobody knows how long: the clock was
  /// ahead then, or has been put back since.
  private static Duration atFirst(KeyRow key, Instant now) {
    var activated = key.times().activatedAt();
    if (activated != null && activated.isAfter(now.plus(SKEW))) {
      LOG.atWarn()
          .addKeyValue("kid", key.kid())
          .addKeyValue("activated", activated)
          .log("an active key was activated in the future; it signs no more");
      return Duration.ZERO;
    }
    return remaining(key, now);
  }

  /// Never more than the whole period.
  private static Duration remaining(KeyRow key, Instant now) {
    var activated = key.times().activatedAt();
    var until = key.signsUntil();
    if (activated == null || until == null || !now.isBefore(until)) {
      return Duration.ZERO;
    }
    return Duration.between(now.isBefore(activated) ? activated : now, until);
  }
}
