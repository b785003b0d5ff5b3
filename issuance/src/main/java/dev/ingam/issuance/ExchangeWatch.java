package dev.ingam.issuance;

import dev.ingam.keys.Alarm;
import dev.ingam.keys.row.EventTable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/// Watches exchanges that name no session of theirs. The caller holds the exchange credential and
/// the upstream vouched, so this is a theft or a broken log-in system, and the first one alarms.
///
/// The first of a client is an event at once, further ones are counted into one event a minute.
final class ExchangeWatch {
  private static final Logger LOG = LoggerFactory.getLogger(ExchangeWatch.class);
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private record Attempts(
      long count, long reported, Instant firstAt, @Nullable Instant reportedAt) {
    Attempts more() {
      return new Attempts(count + 1, reported, firstAt, reportedAt);
    }

    Attempts told(long upTo, Instant at) {
      return new Attempts(count, upTo, firstAt, at);
    }

    boolean isDue(Instant now) {
      return count > reported && (reportedAt == null || !now.isBefore(reportedAt.plus(PAUSE)));
    }
  }

  private final EventTable events;
  private final TransactionTemplate transactions;
  private final Clock clock;
  private final ConcurrentHashMap<String, Attempts> attempts = new ConcurrentHashMap<>();
  private final ReentrantLock telling = new ReentrantLock();

  ExchangeWatch(EventTable events, TransactionTemplate transactions, Clock clock) {
    this.events = events;
    this.transactions = transactions;
    this.clock = clock;
  }

  /// Takes note of one attempt.
  void noSession(String clientId) {
    var now = clock.instant();
    attempts.compute(
        clientId, (id, before) -> before == null ? new Attempts(1, 0, now, null) : before.more());
    tellWhatIsDue();
  }

  /// Writes the events that are due, unless somebody is at it: then the next second does. Called
  /// each second too.
  void tellWhatIsDue() {
    if (!telling.tryLock()) {
      return;
    }
    try {
      var now = clock.instant();
      attempts.forEach((clientId, each) -> {
        if (each.isDue(now)) {
          tell(clientId, each, now);
        }
      });
    } finally {
      telling.unlock();
    }
  }

  private void tell(String clientId, Attempts attempt, Instant now) {
    LOG.atWarn()
        .addKeyValue("client", clientId)
        .addKeyValue("attempts", attempt.count())
        .log("Token exchange without a session of its subject");
    try {
      transactions.executeWithoutResult(status ->
          events.append(
              "exchange_without_session",
              clientId,
              Map.of("client", clientId, "attempts", Long.toString(attempt.count()))));
    } catch (DataAccessException | TransactionException e) {
      LOG.atError().setCause(e).log("The event of an exchange without session was not written yet");
      return;
    }
    attempts.computeIfPresent(clientId, (id, each) -> each.told(attempt.count(), now));
  }

  /// How many there were since the start.
  long count() {
    return attempts.values().stream().mapToLong(Attempts::count).sum();
  }

  List<Alarm> alarms() {
    return attempts.entrySet().stream().map(each -> alarm(each.getKey(), each.getValue())).toList();
  }

  private static Alarm alarm(String clientId, Attempts attempt) {
    return new Alarm(
        "exchange_without_session",
        attempt.firstAt(),
        "client "
            + clientId
            + " asked "
            + attempt.count()
            + " times for tokens of people without a session of theirs; none was issued",
        "replace the client's key (ingam clients update "
            + clientId
            + " --key-file FILE) and the upstream's signing key, or repair the log-in system's events");
  }
}
