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
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// The log-in sessions. No token for a person is issued without one that is live.
///
/// A session is in the database before its id is told. Sessions in use are kept in memory; the
/// number of tokens that each bore is counted there and written down each second, so that a server
/// that dies forgets at most the tokens of its last second, and issuing never waits for the
/// database.
public final class Sessions {
  /// How far the reported time of a log-in may lie behind.
  public static final Duration MAX_LOGIN_AGE = Duration.ofMinutes(5);

  private static final Duration SKEW = Duration.ofSeconds(60);
  private static final Duration KEPT_AFTER_EXPIRY = Duration.ofDays(1);
  private static final int MAX_CACHED = 200_000;
  private static final int FLUSH_BATCH = 1_000;

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
  private final Limits limits;
  private final SessionEndings endings;
  private final Clock clock;
  private final SecureRandom random;
  private final LoginQueue queue;
  private final ConcurrentHashMap<SessionKey, Session> cache = new ConcurrentHashMap<>();
  private final Set<Session> dirty = ConcurrentHashMap.newKeySet();
  private final ReentrantLock flushing = new ReentrantLock();

  /// Grows after sessions of a subject were ended in the database.
  private final AtomicLong subjectsEnded = new AtomicLong();

  /// What the sessions are kept with.
  public record Storage(
      JdbcClient database, TransactionTemplate transactions, RowMac macs, EventTable events) {}

  public Sessions(
      Storage storage, Limits limits, SessionEndings endings, Clock clock, SecureRandom random) {
    this.endings = endings;
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
    var before = subjectsEnded.get();
    if (!queue.add(row)) {
      return new Refused(List.of("subject: expected one that is not withdrawn"));
    }
    makeRoom();
    cache.putIfAbsent(id.key(), new Session(row));
    if (subjectsEnded.get() != before) {
      cache.remove(id.key()); // it may have been ended before it stood here: it is read again
    }
    return new Opened(id, row.expiresAt());
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
    return Optional.ofNullable(cache.computeIfAbsent(id.key(), key -> load(key)));
  }

  private @Nullable Session load(SessionKey key) {
    return store.find(key.hash()).map(Session::new).orElse(null);
  }

  /// Whether a session that was found before is live now. One that was dropped from memory since
  /// then is read again: its end would not have reached the object in hand.
  public boolean isStillLive(Session session) {
    var held = cache.computeIfAbsent(session.key(), key -> load(key));
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
