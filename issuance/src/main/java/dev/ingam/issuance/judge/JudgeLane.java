package dev.ingam.issuance.judge;

import dev.ingam.keys.Alarm;
import dev.ingam.wire.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The lane of tokens that have no matching entry. Each costs a signature check, so only a few are
/// judged at a time and only a bounded number wait: junk cannot starve honest traffic. What finds
/// the lane full is refused as the ledger found it, and counted unjudged.
///
/// Junk leaves counters behind and nothing else; a proof goes to [TheftProofs].
public final class JudgeLane {
  private static final int MAX_WAITING = 1_024;
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final Duration QUIET = Duration.ofHours(1);

  private final Judge judge;
  private final TheftProofs proofs;
  private final Clock clock;
  private final Semaphore lane;
  private final Map<Reason, LongAdder> refused = new EnumMap<>(Reason.class);
  private final LongAdder unjudged = new LongAdder();
  private final LongAdder unproven = new LongAdder();
  private final AtomicReference<@Nullable Spell> spell = new AtomicReference<>();

  /// Tokens about which nothing could be concluded, without an hour's quiet between them.
  private record Spell(Instant first, Instant last, long tokens) {
    boolean isOver(Instant now) {
      return Duration.between(last, now).compareTo(QUIET) > 0;
    }
  }

  /// @param width so many are judged at a time
  public JudgeLane(Judge judge, TheftProofs proofs, int width, Clock clock) {
    this.judge = judge;
    this.proofs = proofs;
    this.clock = clock;
    this.lane = new Semaphore(width, true);
    for (var reason : Reason.values()) {
      refused.put(reason, new LongAdder());
    }
  }

  /// Judges a token and acts on the proof, if it is one.
  ///
  /// @return null when the lane is full
  public @Nullable Judgement judge(String token, String askedBy) {
    return judge(token, askedBy, MAX_WAIT_NANOS);
  }

  /// Judges a token if its turn comes in this time.
  ///
  /// @param waitNanos what the caller has left; nothing is judged when that is zero or less
  /// @return null when it does not
  public @Nullable Judgement judge(String token, String askedBy, long waitNanos) {
    if (waitNanos <= 0 || !enter(Math.min(waitNanos, MAX_WAIT_NANOS))) {
      unjudged.increment();
      return null;
    }
    Judgement judgement;
    try {
      judgement = judge.judge(token, lane.hasQueuedThreads());
    } finally {
      lane.release();
    }
    count(judgement);
    if (judgement.proof() != null) {
      proofs.record(judgement.proof(), askedBy);
    }
    return judgement;
  }

  private boolean enter(long waitNanos) {
    if (lane.getQueueLength() >= MAX_WAITING) {
      return false;
    }
    try {
      return lane.tryAcquire(waitNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void count(Judgement judgement) {
    var adder = judgement.reason() == null ? null : refused.get(judgement.reason());
    if (adder != null) {
      adder.increment();
    }
    if (judgement.unproven()) {
      unproven.increment();
      var now = clock.instant();
      spell.updateAndGet(before ->
          before == null || before.isOver(now)
              ? new Spell(now, now, 1)
              : new Spell(before.first(), now, before.tokens() + 1));
    }
  }

  /// How many tokens were refused for this reason after they were judged, since the start.
  public long refused(Reason reason) {
    var adder = refused.get(reason);
    return adder == null ? 0 : adder.sum();
  }

  /// How many found the lane full or the time of their batch used up, since the start.
  public long unjudged() {
    return unjudged.sum();
  }

  /// How many bore our signature and the ledger could not tell whether they were issued.
  public long unproven() {
    return unproven.sum();
  }

  /// At most one: tokens about which nothing could be concluded. It ends after a quiet hour.
  public List<Alarm> alarms() {
    var current = spell.get();
    return current == null || current.isOver(clock.instant())
        ? List.of()
        : List.of(
            new Alarm(
                "unproven",
                current.first(),
                current.tokens()
                    + " tokens with a signature of ours were refused because the ledger lacks the"
                    + " book that would tell whether they were issued",
                "run: ingam status; restore the missing ledger files, or taint the key if theft is"
                    + " likely: ingam keys taint KID"));
  }
}
