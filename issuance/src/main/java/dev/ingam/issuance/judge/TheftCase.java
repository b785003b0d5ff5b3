package dev.ingam.issuance.judge;

import dev.ingam.keys.Condemnation;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What is known of the theft of one key. Counters from any thread.
final class TheftCase {
  private final String kid;
  private final AtomicLong proofs;
  private final AtomicLong unknownSubjects;
  private final AtomicLong uncheckedSubjects;
  private final Instant firstAt;
  private final AtomicBoolean failed = new AtomicBoolean();
  private final AtomicBoolean notKept = new AtomicBoolean();
  private volatile Instant lastAt;

  /// Null while no person has taken up the theft.
  private volatile @Nullable Acknowledgement acknowledged;

  /// Of the first proof after that, as far as this process saw it.
  private volatile @Nullable Instant newerAt;

  /// Held by the one thread that condemns.
  final ReentrantLock condemning = new ReentrantLock();

  /// Null until the domain of the key is condemned. Written under [#condemning].
  volatile @Nullable Condemnation condemnation;

  /// The proof that is in the journal; null when none is. Written under [#condemning].
  volatile @Nullable Proof journaled;

  /// A proof that is to go there, as long as it stands nowhere but in memory.
  volatile ProofJournal.@Nullable Pending unkept;

  TheftCase(ProofCount count) {
    kid = count.kid();
    proofs = new AtomicLong(count.proofs());
    unknownSubjects = new AtomicLong(count.unknownSubjects());
    uncheckedSubjects = new AtomicLong(count.uncheckedSubjects());
    firstAt = count.firstAt();
    lastAt = count.lastAt();
  }

  static TheftCase opened(String kid, Instant at) {
    return new TheftCase(new ProofCount(kid, 0, 0, 0, at, at));
  }

  String kid() {
    return kid;
  }

  /// Counts a proof and says the how manieth it is.
  long add(Instant at) {
    lastAt = at;
    if (acknowledged != null && newerAt == null) {
      newerAt = at;
    }
    return proofs.incrementAndGet();
  }

  void acknowledge(Acknowledgement by) {
    newerAt = null;
    acknowledged = by;
  }

  @Nullable Acknowledgement acknowledged() {
    return acknowledged;
  }

  /// Whether a person has taken up all proofs that there are.
  boolean isAcknowledged() {
    var by = acknowledged;
    return by != null && proofs.get() <= by.proofs();
  }

  /// When the first proof came that nobody has taken up; at the latest.
  Instant newerAt() {
    var seen = newerAt;
    return seen == null ? lastAt : seen;
  }

  void addUnknown(long count) {
    unknownSubjects.addAndGet(count);
  }

  /// Whether condemning fails for the first time since the start.
  boolean firstFailure() {
    return failed.compareAndSet(false, true);
  }

  /// Whether keeping a proof fails for the first time since the start.
  boolean firstNotKept() {
    return notKept.compareAndSet(false, true);
  }

  void addUnchecked() {
    uncheckedSubjects.incrementAndGet();
  }

  ProofCount count() {
    return countWith(0);
  }

  /// The counts with so many unknown subjects more.
  ProofCount countWith(long unknown) {
    return new ProofCount(
        kid,
        proofs.get(),
        unknownSubjects.get() + unknown,
        uncheckedSubjects.get(),
        firstAt,
        lastAt);
  }
}
