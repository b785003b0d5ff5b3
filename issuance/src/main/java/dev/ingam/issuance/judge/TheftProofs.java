package dev.ingam.issuance.judge;

import dev.ingam.issuance.session.Subjects;
import dev.ingam.keys.Alarm;
import dev.ingam.keys.Condemnation;
import dev.ingam.keys.PlatformThread;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.RowMac;
import dev.ingam.wire.AccessToken;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// What is done about proofs of theft: the key's custody domain is condemned, the evidence kept.
///
/// The request that brings the first proof of a key condemns and returns when the new key is
/// active; requests beside it do not wait. When condemning fails it is tried again with the next
/// proof and each second. Evidence is queued and written each second, that of the first proof at
/// once: at most a second of it is lost with the process, and no flood of forgeries turns into a
/// flood of transactions. Of each key the first [#FULL_EVIDENCE] tokens are kept whole, the others
/// counted.
public final class TheftProofs {
  /// So many forged tokens of a key are kept whole.
  public static final int FULL_EVIDENCE = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(TheftProofs.class);
  private static final int QUEUE = 8_192;
  private static final int BATCH = 100;

  /// So many batches at a time write a full queue; a flood does not keep the writer from the rest
  /// of its second.
  private static final int ROUNDS = QUEUE / BATCH + 1;

  /// Condemns the custody domain of a key: idempotent, from any thread.
  public interface Condemner {
    Condemnation condemn(String kid, String cause, String actor);
  }

  /// What evidence is kept with.
  ///
  /// @param journal folder of the proofs that are not settled; null keeps them in memory only
  public record Storage(
      JdbcClient database,
      TransactionTemplate transactions,
      RowMac macs,
      EventTable events,
      @Nullable Path journal) {}

  private record Queued(TheftCase theft, Proof proof, String askedBy, boolean whole) {}

  private final ProofStore store;
  private final KeptProofs kept;
  private final Condemner condemner;
  private final Subjects subjects;
  private final Clock clock;
  private final ConcurrentHashMap<String, TheftCase> cases = new ConcurrentHashMap<>();

  /// Keys of ours of which the database says a theft that nothing supports, as of the start.
  private final ConcurrentHashMap<String, Instant> notOurs = new ConcurrentHashMap<>();

  private final ArrayBlockingQueue<Queued> queue = new ArrayBlockingQueue<>(QUEUE);

  /// Held by threads of the platform alone: housekeeping waits for it each second.
  private final ReentrantLock writing = new ReentrantLock();

  /// Taken from the queue and not yet written. Owned by [#writing].
  private List<Queued> unwritten = new ArrayList<>();

  /// What is left to do when they turn out to be written, although nobody said so. Owned by
  /// [#writing].
  private @Nullable Runnable unanswered;

  /// Reads the cases there are.
  public TheftProofs(
      Storage storage,
      Condemner condemner,
      Subjects subjects,
      KeySignatures signatures,
      Clock clock) {
    this.store = new ProofStore(storage);
    var folder = storage.journal();
    this.kept =
        new KeptProofs(folder == null ? null : new ProofJournal(folder, storage.macs()), store);
    this.condemner = condemner;
    this.subjects = subjects;
    this.clock = clock;
    for (var read : store.counts()) {
      load(read, signatures, clock.instant());
    }
    for (var said : store.acknowledgements()) {
      var theft = cases.get(said.kid());
      if (theft != null) {
        theft.acknowledge(said);
      }
    }
    for (var pending : kept.ofEarlierProcesses()) {
      var proof = pending.proof();
      if (signatures.bears(proof.kid(), proof.token())) {
        takeUp(proof, pending.askedBy());
      }
    }
  }

  private void takeUp(Proof proof, String askedBy) {
    var theft = cases.computeIfAbsent(proof.kid(), kid -> TheftCase.opened(kid, proof.foundAt()));
    theft.journaled = proof;
    var written = store.has(proof);
    if (!written || theft.count().proofs() == 0) {
      theft.add(proof.foundAt());
    }
    if (!written && !queue.offer(new Queued(theft, proof, askedBy, true))) {
      theft.addUnchecked();
    }
  }

  /// A row commands nothing by itself: a case goes on where this authority counted and a kept token
  /// bears the signature of the key.
  private void load(ProofStore.Read read, KeySignatures signatures, Instant now) {
    var kid = read.count().kid();
    if (read.ours()
        && store.tokens(kid, FULL_EVIDENCE).stream()
            .anyMatch(token -> signatures.bears(kid, token))) {
      cases.put(kid, new TheftCase(read.count()));
      return;
    }
    LOG.atError()
        .addKeyValue("kid", kid)
        .addKeyValue("macHolds", read.ours())
        .log("A count of forged tokens is not ours or has no evidence; nothing follows from it");
    if (signatures.knows(kid)) {
      notOurs.put(kid, now);
    }
  }

  /// Takes a proof. Never throws: the token is refused in any case.
  ///
  /// @param askedBy the client that presented it to us, or the gate
  public void record(Proof proof, String askedBy) {
    var theft = cases.computeIfAbsent(proof.kid(), kid -> TheftCase.opened(kid, proof.foundAt()));
    var number = theft.add(proof.foundAt());
    var queued = new Queued(theft, proof, askedBy, number <= FULL_EVIDENCE);
    if (queued.whole() && theft.journaled == null && theft.condemnation == null) {
      theft.unkept = new ProofJournal.Pending(proof, askedBy);
    }
    if (!queue.offer(queued)) {
      theft.addUnchecked();
    }
    if (theft.condemnation == null && !theft.condemning.isLocked()) {
      PlatformThread.call(() -> condemnAndFlush(theft));
    }
  }

  private boolean condemnAndFlush(TheftCase theft) {
    boolean first = condemn(theft);
    if (first) {
      flush();
    }
    return first;
  }

  /// Condemns unless somebody does or did, or asks what became of a replacement that waits for its
  /// turn; whether this call did. The proof is kept first.
  private boolean condemn(TheftCase theft) {
    if (!theft.condemning.tryLock()) {
      return false;
    }
    try {
      if (isReplaced(theft)) {
        return false;
      }
      kept.keep(theft);
      var known = theft.condemnation != null;
      var condemnation = condemner.condemn(theft.kid(), "theft_proof", "judge");
      theft.condemnation = condemnation;
      if (known) {
        return false;
      }
      LOG.atError()
          .addKeyValue("kid", theft.kid())
          .addKeyValue("domain", condemnation.domain())
          .addKeyValue("first", condemnation.first())
          .addKeyValue("newActive", condemnation.newActiveKids())
          .log("A key signed a token that was never issued: its custody domain is condemned");
      return true;
    } catch (RuntimeException e) {
      if (theft.firstFailure()) {
        LOG.atError()
            .addKeyValue("kid", theft.kid())
            .setCause(e)
            .log("A key signed a token never issued; condemning failed and is tried again");
      }
      return false;
    } finally {
      theft.condemning.unlock();
    }
  }

  /// Tries again what failed and writes what is queued. Called each second and at the stop.
  public void flush() {
    for (var theft : cases.values()) {
      if (!isReplaced(theft) && theft.count().proofs() > 0) {
        condemn(theft);
      }
    }
    writing.lock();
    try {
      finishUnanswered();
      int rounds = ROUNDS;
      do {
        queue.drainTo(unwritten, BATCH - unwritten.size());
        writeBatch();
      } while (!queue.isEmpty() && --rounds > 0);
      kept.settle(cases.values());
    } catch (RuntimeException e) {
      LOG.atError()
          .setCause(e)
          .log("Evidence of theft could not be written; it is kept and retried");
      kept.keepUnwritten(cases.values());
    } finally {
      writing.unlock();
    }
  }

  /// The answer to the last batch got lost: it must not be written twice.
  private void finishUnanswered() {
    var finish = unanswered;
    if (finish != null && store.hasCommitted()) {
      finish.run();
    }
    unanswered = null;
  }

  private void writeBatch() {
    if (unwritten.isEmpty()) {
      return;
    }
    var unknown = subjects.unknownAmong(persons(unwritten));
    var whole = new ArrayList<ProofStore.Kept>();
    var newlyUnknown = new HashMap<TheftCase, Long>();
    for (var queued : unwritten) {
      var known = subjectKnown(queued.proof().subject(), unknown);
      if (queued.whole()) {
        whole.add(new ProofStore.Kept(queued.proof(), queued.askedBy(), known));
      }
      newlyUnknown.merge(queued.theft(), Boolean.FALSE.equals(known) ? 1L : 0L, Long::sum);
    }
    Runnable finish = () -> finish(newlyUnknown);
    unanswered = finish;
    store.write(
        whole,
        newlyUnknown.entrySet().stream()
            .map(each -> each.getKey().countWith(each.getValue()))
            .toList());
    unanswered = null;
    finish.run();
  }

  private void finish(Map<TheftCase, Long> newlyUnknown) {
    newlyUnknown.forEach(TheftCase::addUnknown);
    unwritten.forEach(queued -> KeptProofs.written(queued.theft(), queued.proof()));
    unwritten = new ArrayList<>();
  }

  private static Set<String> persons(List<Queued> batch) {
    return batch.stream()
        .map(queued -> queued.proof().subject())
        .filter(subject -> subject != null && isPerson(subject))
        .collect(Collectors.toSet());
  }

  private static boolean isPerson(String subject) {
    return AccessToken.isSubject(subject) && !subject.startsWith(AccessToken.CLIENT_SUBJECT);
  }

  /// Null for clients, which are no subjects. Whoever can be nobody is unknown.
  private static @Nullable Boolean subjectKnown(@Nullable String subject, Set<String> unknown) {
    if (subject == null) {
      return false;
    }
    if (subject.startsWith(AccessToken.CLIENT_SUBJECT)) {
      return null;
    }
    return isPerson(subject) && !unknown.contains(subject);
  }

  /// Forged tokens by key, those of the first second ago too.
  public List<ProofCount> counts() {
    return cases.values().stream()
        .map(TheftCase::count)
        .sorted(Comparator.comparing(ProofCount::firstAt))
        .toList();
  }

  /// Kept evidence behind this id, in order.
  public List<Evidence> evidence(long after, int limit) {
    return store.evidence(after, limit);
  }

  /// Stolen and replaced keys with forged tokens that no person has taken up.
  public List<String> unacknowledged() {
    return cases.values().stream()
        .filter(theft -> isReplaced(theft) && !theft.isAcknowledged())
        .map(TheftCase::count)
        .sorted(Comparator.comparing(ProofCount::firstAt))
        .map(ProofCount::kid)
        .toList();
  }

  /// The last that a person said about the theft of this key; null when nobody did.
  public @Nullable Acknowledgement acknowledgement(String kid) {
    var theft = cases.get(kid);
    return theft == null ? null : theft.acknowledged();
  }

  /// Takes note that a person has taken up the theft of this key with all forged tokens so far: its
  /// alarm ends until one more comes. Idempotent, durable when it returns.
  ///
  /// @return how many forged tokens that are; 0 when no theft of this key is known
  public long acknowledge(String kid, String why, String actor) {
    var theft = cases.get(kid);
    return theft == null ? 0 : PlatformThread.call(() -> acknowledge(theft, why, actor));
  }

  private long acknowledge(TheftCase theft, String why, String actor) {
    flush();
    writing.lock();
    try {
      var count = theft.count();
      if (!theft.isAcknowledged()) {
        var said = new Acknowledgement(theft.kid(), count.proofs(), clock.instant(), actor, why);
        store.acknowledge(said, count);
        theft.acknowledge(said);
      }
      return count.proofs();
    } finally {
      writing.unlock();
    }
  }

  private static boolean isReplaced(TheftCase theft) {
    var condemnation = theft.condemnation;
    return condemnation != null && condemnation.replacedAt() != null;
  }

  /// What became of the domain of this key; null while it is not condemned for theft.
  public @Nullable Condemnation condemnation(String kid) {
    var theft = cases.get(kid);
    return theft == null ? null : theft.condemnation;
  }

  /// One for each stolen key that no person has taken up, and for each of ours that somebody else
  /// wrote to be one.
  public List<Alarm> alarms() {
    var unsupported = notOurs.entrySet().stream().filter(each -> !cases.containsKey(each.getKey()));
    return Stream.concat(
            cases.values().stream().map(TheftAlarms::of).flatMap(Optional::stream),
            unsupported.map(each -> TheftAlarms.unsupported(each.getKey(), each.getValue())))
        .toList();
  }
}
