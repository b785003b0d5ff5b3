package dev.ingam.issuance.session;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Subjects as far as they are known without a directory of persons: those that a log-in event
/// named.
public final class LoggedInSubjects implements Subjects {
  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final int MAX_REMEMBERED = 50_000;

  private record Remembered(Standing standing, Instant until) {}

  private final JdbcClient database;
  private final Clock clock;
  private final ConcurrentHashMap<String, Remembered> remembered = new ConcurrentHashMap<>();

  public LoggedInSubjects(JdbcClient database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Standing standing(String subject) {
    var now = clock.instant();
    var known = remembered.get(subject);
    if (known != null && now.isBefore(known.until())) {
      return known.standing();
    }
    var standing = read(subject);
    if (remembered.size() >= MAX_REMEMBERED) {
      remembered.clear();
    }
    remembered.put(subject, new Remembered(standing, now.plus(FRESH)));
    return standing;
  }

  private Standing read(String subject) {
    record Found(@Nullable Timestamp withdrawnAt) {}
    return database
        .sql("select withdrawn_at from issuance.subject where subject = :subject")
        .param("subject", subject)
        .query((row, number) -> new Found(row.getTimestamp(1)))
        .optional()
        .map(found -> found.withdrawnAt() == null ? Standing.KNOWN : Standing.WITHDRAWN)
        .orElse(Standing.UNKNOWN);
  }

  @Override
  public Set<String> unknownAmong(Collection<String> subjects) {
    if (subjects.isEmpty()) {
      return Set.of();
    }
    var unknown = new HashSet<>(subjects);
    var known =
        database
            .sql("select subject from issuance.subject where subject in (:subjects)")
            .param("subjects", unknown)
            .query(String.class)
            .set();
    unknown.removeAll(known);
    return unknown;
  }
}
