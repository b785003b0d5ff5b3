package dev.ingam.issuance.session;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Subjects as far as they are known without a directory of persons: those that a log-in event
/// named.
public final class LoggedInSubjects implements Subjects {
  private final JdbcClient database;

  public LoggedInSubjects(JdbcClient database) {
    this.database = database;
  }

  @Override
  public Standing standing(String subject) {
    return database
        .sql("select withdrawn_at is null from issuance.subject where subject = :subject")
        .param("subject", subject)
        .query(Boolean.class)
        .optional()
        .map(stays -> stays ? Standing.KNOWN : Standing.WITHDRAWN)
        .orElse(Standing.UNKNOWN);
  }

  @Override
  public long lastWithdrawal() {
    return database
        .sql("select coalesce(max(withdrawn_number), 0) from issuance.subject")
        .query(Long.class)
        .single();
  }

  @Override
  public List<Withdrawal> withdrawnAfter(long number, int limit) {
    return database
        .sql(
            """
            select withdrawn_number, subject from issuance.subject
            where withdrawn_number > :number order by withdrawn_number limit :limit
            """)
        .param("number", number)
        .param("limit", limit)
        .query((row, _) -> new Withdrawal(row.getLong(1), row.getString(2)))
        .list();
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
