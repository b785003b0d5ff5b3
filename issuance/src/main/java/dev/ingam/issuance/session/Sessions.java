package dev.ingam.issuance.session;

import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.RowMac;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// The log-in sessions. No token for a person is issued without one that is live.
///
/// A session is in the database before its id is told. Sessions in use are kept in memory; the
/// number of tokens that each bore is counted there and written down each second, so that a server
/// that dies forgets at most the tokens of its last second, and issuing never waits for the
/// database.
///
/// A session in memory is one of a person who stays: that is asked for when it comes there, and who
/// was withdrawn since is asked for each second. While the database is away what was known last
/// holds, as long as this node may issue at all.
public final class Sessions {
  /// How far the reported time of a log-in may lie behind.
  public static final Duration MAX_LOGIN_AGE = Duration.ofMinutes(5);

  private static final Duration SKEW = Duration.ofSeconds(60);
  private static final Duration KEPT_AFTER_EXPIRY = Duration.ofDays(1);
  private static final int MAX_CACHED = 200_000;
  private static final int FLUSH_BATCH = 1_000;
  private static final int WITHDRAWAL_BATCH = 10_000;

  /// Bounds of a session.
  ///
  /// @param tokens it bears at most; 1,000 by default
  /// @param lifetime it lives at most; 12 hours by default
  public record Limits(int tokens, Duration lifetime) {
    public Limits {
      if (tokens < 1 || lifetime.isNegative() || lifetime.compareTo(Duration.ofHours(24)) > 0) {
        throw new IllegalArgumentException("expected at least 1 token and at most 24 hours");
      }
    }

    /// 1,000 tokens, 12 hours.
    public static Limits defaults() {
      return new Limits(1_000, Duration.ofHours(12));
    }
  }

  /// What came of a log-in event.
  public sealed interface Opening {}

  /// The session is open and durable.
  public record Opened(SessionId id, Instant expiresAt) implements Opening {}

  /// No session; what is wrong with the event.
  public record Refused(List<String> problems) implements Opening {}

  private final SessionStore store;
  private final Subjects subjects;
  private final Limits limits;
  private final SessionEndings endings;
  private final Clock clock;
  private final SecureRandom random;
  private final LoginQueue queue;
  private final ConcurrentHashMap<SessionKey, Session> cache = new ConcurrentHashMap<>();
  private final Set<Session> dirty = ConcurrentHashMap.newKeySet();
  private final ReentrantLock flushing = new ReentrantLock();

  /// Shared from reading a person's standing to the entry in [#cache], alone to end the sessions of
  /// who was withdrawn: so no session comes into memory behind the withdrawal of its person.
  private final ReentrantReadWriteLock entering = new ReentrantReadWriteLock();

  /// Owned by the thread that calls [#endWithdrawn].
  private long lastWithdrawal;

  /// Grows after sessions of a subject were ended in the database.
  private final AtomicLong subjectsEnded = new AtomicLong();

  /// What the sessions are kept with.
  public record Storage(
      JdbcClient database, TransactionTemplate transactions, RowMac macs, EventTable events) {}

  /// What the life of a session hangs on besides itself.
  public record LifeHangsOn(Subjects subjects, SessionEndings endings) {}

  public Sessions(
      Storage storage, LifeHangsOn hangsOn, Limits limits, Clock clock, SecureRandom random) {
    this.subjects = hangsOn.subjects();
    this.endings = hangsOn.endings();
    this.lastWithdrawal = subjects.lastWithdrawal();
    this.store =
        new SessionStore(
            storage.database(), storage.transactions(), storage.macs(), storage.events());
    this.limits = limits;
    this.clock = clock;
    this.random = random;
    this.queue = new LoginQueue(store);
  }

  /// Opens a session and returns when that is committed. Concurrent calls share a commit.
  public Opening open(LoginEvent event, String clientId) {
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var problems = new ArrayList<>(event.problems());
    if (event.time().isBefore(now.minus(MAX_LOGIN_AGE)) || event.time().isAfter(now.plus(SKEW))) {
      problems.add(
          "time: expected one in the last 5 minutes; check the clock of the log-in system");
    }
    if (!problems.isEmpty()) {
      return new Refused(problems);
    }
    var id = SessionId.make(random);
    var row = row(event, clientId, id, now);
    if (!enter(id, row)) {
      return new Refused(List.of("subject: expected one that is not withdrawn"));
    }
    return new Opened(id, row.expiresAt());
  }

  private boolean enter(SessionId id, SessionRow row) {
    makeRoom();
    entering.readLock().lock();
    try {
      var before = subjectsEnded.get();
      var added = queue.add(row);
      if (added) {
        cache.putIfAbsent(id.key(), new Session(row));
      }
      if (subjectsEnded.get() != before) {
        cache.remove(id.key()); // it may have been ended before it stood here: it is read again
      }
      return added;
    } finally {
      entering.readLock().unlock();
    }
  }

  private SessionRow row(LoginEvent event, String clientId, SessionId id, Instant now) {
    return new SessionRow(
        id.hash(),
        event.subject(),
        clientId,
        event.time().truncatedTo(ChronoUnit.MICROS),
        now,
        now.plus(limits.lifetime()),
        event.method(),
        event.source(),
        limits.tokens(),
        0,
        null,
        endings.epoch(),
        1,
        new byte[0]);
  }

  /// The session of this id, ended and expired ones too; ask [Session#isLive].
  public Optional<Session> find(SessionId id) {
    makeRoom();
    return Optional.ofNullable(held(id.key()));
  }

  private @Nullable Session held(SessionKey key) {
    var session = cache.get(key);
    if (session != null) {
      return session;
    }
    entering.readLock().lock();
    try {
      return cache.computeIfAbsent(key, this::load);
    } finally {
      entering.readLock().unlock();
    }
  }

  private @Nullable Session load(SessionKey key) {
    var row = store.find(key.hash()).orElse(null);
    if (row == null) {
      return null;
    }
    var session = new Session(row);
    if (subjects.standing(row.subject()) != Subjects.Standing.KNOWN) {
      session.end();
    }
    return session;
  }

  /// Whether a session that was found before is live now. One that was dropped from memory since
  /// then is read again: its end would not have reached the object in hand.
  public boolean isStillLive(Session session) {
    var held = held(session.key());
    var now = clock.instant();
    return held != null && held.isLive(now) && session.isLive(now) && !endings.reached(session);
  }

  /// Ends a session, durably; false when there is none of that id.
  public boolean end(SessionId id, String actor) {
    var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var known = new boolean[1];
    cache.compute(
        id.key(),
        (key, session) -> {
          known[0] = store.end(key.hash(), at, actor);
          if (session != null && known[0]) {
            session.end();
          }
          return session;
        });
    return known[0];
  }

  /// Ends in memory the sessions of those who were withdrawn since the last call. Called each
  /// second by one thread.
  public void endWithdrawn() {
    var batch = subjects.withdrawnAfter(lastWithdrawal, WITHDRAWAL_BATCH);
    while (!batch.isEmpty()) {
      end(batch.stream().map(Subjects.Withdrawal::subject).collect(Collectors.toSet()));
      lastWithdrawal = batch.getLast().number();
      batch = subjects.withdrawnAfter(lastWithdrawal, WITHDRAWAL_BATCH);
    }
  }

  private void end(Set<String> gone) {
    entering.writeLock().lock();
    try {
      cache.values().stream()
          .filter(session -> gone.contains(session.subject()))
          .forEach(Session::end);
    } finally {
      entering.writeLock().unlock();
    }
  }

  /// Whose sessions end, and why.
  ///
  /// @param openedUntil those that were opened later live on; null: none do
  public record Ending(String subject, @Nullable Instant openedUntil, String actor, String reason) {
    @Override
    public String toString() {
      return "Ending[redacted]";
    }
  }

  /// Ends sessions of a subject, durably; those that are opened meanwhile may live.
  ///
  /// @return how many ended
  public int endAll(Ending ending) {
    var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
    int count = 0;
    byte[] after = {};
    while (after != null) {
      var ended = store.endSome(ending, after, at);
      subjectsEnded.incrementAndGet();
      ended.keys().forEach(this::forgetLive);
      count += ended.keys().size();
      after = ended.last();
    }
    return count;
  }

  /// After its end is in the database: what is being read meanwhile is waited for.
  private void forgetLive(SessionKey ended) {
    cache.computeIfPresent(
        ended,
        (key, session) -> {
          session.end();
          return session;
        });
  }

  /// Counts one more token of this session; false when it has borne all it may.
  public boolean takeToken(Session session) {
    if (!session.takeToken()) {
      return false;
    }
    dirty.add(session);
    return true;
  }

  /// Writes token counts down and forgets what is over. Called each second and at the stop.
  public void flush() {
    flushing.lock();
    try {
      for (var batch = takeDirty(); !batch.isEmpty(); batch = takeDirty()) {
        save(batch);
      }
      var now = clock.instant();
      cache.values().removeIf(session -> !session.isLive(now) && session.unsaved() == 0);
      store.deleteExpiredBefore(now.minus(KEPT_AFTER_EXPIRY));
    } finally {
      flushing.unlock();
    }
  }

  private void save(List<Session> batch) {
    var counts = batch.stream().mapToInt(Session::tokens).toArray();
    try {
      store.saveTokens(batch);
    } catch (RuntimeException e) {
      dirty.addAll(batch);
      throw e;
    }
    for (int i = 0; i < counts.length; i++) {
      batch.get(i).saved(counts[i]);
    }
  }

  private List<Session> takeDirty() {
    var batch = dirty.stream().limit(FLUSH_BATCH).toList();
    batch.forEach(dirty::remove);
    return batch;
  }

  /// Drops saved sessions from memory when there are too many; they are read again when needed.
  private void makeRoom() {
    if (cache.mappingCount() < MAX_CACHED || !flushing.tryLock()) {
      return;
    }
    try {
      var toDrop = cache.mappingCount() / 10;
      for (var session : cache.values()) {
        if (toDrop <= 0) {
          return;
        }
        if (session.unsaved() == 0 && cache.remove(session.key(), session)) {
          toDrop--;
        }
      }
    } finally {
      flushing.unlock();
    }
  }

  /// How many sessions are held in memory.
  public int held() {
    return cache.size();
  }
}
