package dev.ingam.issuance.session;

import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.RowMac;
import dev.ingam.wire.Base64Url;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// The sessions in PostgreSQL. Every row carries a MAC; one that fails it does not exist.
final class SessionStore {
  private static final String TABLE = "issuance.session";
  private static final HexFormat HEX = HexFormat.of();
  private static final int PART = 1_000;

  private final JdbcClient database;
  private final TransactionTemplate transactions;
  private final RowMac macs;
  private final EventTable events;

  SessionStore(
      JdbcClient database, TransactionTemplate transactions, RowMac macs, EventTable events) {
    this.database = database;
    this.transactions = transactions;
    this.macs = macs;
    this.events = events;
  }

  /// Adds the sessions whose subjects are not withdrawn, in one transaction.
  ///
  /// @return those that were added, durably
  List<SessionRow> add(List<SessionRow> rows) {
    var added =
        transactions.execute(status -> {
          var kept = rows.stream().filter(this::nameSubject).toList();
          kept.forEach(this::insert);
          kept.forEach(this::appendOpened);
          return kept;
        });
    return added == null ? List.of() : added;
  }

  /// Makes the subject known; false when it is withdrawn.
  private boolean nameSubject(SessionRow row) {
    var inserted =
        database
            .sql(
                """
                insert into issuance.subject (subject, first_at) values (:subject, :at)
                on conflict (subject) do nothing
                """)
            .param("subject", row.subject())
            .param("at", time(row.openedAt()))
            .update();
    return inserted == 1
        || database
            .sql("select withdrawn_at is null from issuance.subject where subject = :subject")
            .param("subject", row.subject())
            .query(Boolean.class)
            .single();
  }

  private void insert(SessionRow row) {
    database
        .sql(
            """
            insert into issuance.session (hash, subject, opened_by, login_at, opened_at, expires_at,
              method, source, max_tokens, tokens, epoch, version, mac)
            values (:hash, :subject, :openedBy, :loginAt, :openedAt, :expiresAt,
              :method, :source, :maxTokens, 0, :epoch, :version, :mac)
            """)
        .param("hash", row.hash())
        .param("subject", row.subject())
        .param("openedBy", row.openedBy())
        .param("loginAt", time(row.loginAt()))
        .param("openedAt", time(row.openedAt()))
        .param("expiresAt", time(row.expiresAt()))
        .param("method", row.method())
        .param("source", row.source())
        .param("maxTokens", row.maxTokens())
        .param("epoch", row.epoch())
        .param("version", row.version())
        .param("mac", mac(row))
        .update();
  }

  private void appendOpened(SessionRow row) {
    events.append(
        "session_opened",
        row.openedBy(),
        Map.of("session", sid(row), "method", row.method(), "until", row.expiresAt().toString()));
  }

  Optional<SessionRow> find(byte[] hash) {
    return database
        .sql("select * from issuance.session where hash = :hash")
        .param("hash", hash)
        .query(SessionStore::read)
        .optional()
        .filter(this::isIntact);
  }

  /// Ends a session; false when there is none. Ending twice changes nothing.
  boolean end(byte[] hash, Instant at, String actor) {
    var found =
        transactions.execute(status -> {
          var row =
              database
                  .sql("select * from issuance.session where hash = :hash for update")
                  .param("hash", hash)
                  .query(SessionStore::read)
                  .optional()
                  .filter(this::isIntact);
          row.filter(each -> each.endedAt() == null)
              .ifPresent(each -> {
                writeEnd(each.ended(at));
                events.append("session_ended", actor, Map.of("session", sid(each)));
              });
          return row.isPresent();
        });
    return Boolean.TRUE.equals(found);
  }

  /// A part of a subject's sessions.
  ///
  /// @param last the hash behind which the next part begins; null when this was the last
  record Ended(List<SessionKey> keys, byte @Nullable [] last) {}

  /// Ends sessions of a subject that neither ended nor ran out, a thousand at most.
  Ended endSome(Sessions.Ending ending, byte[] after, Instant at) {
    return Objects.requireNonNull(
        transactions.execute(status -> {
          var rows = lockLive(ending, after, at);
          var keys = new ArrayList<SessionKey>();
          for (var row : rows) {
            if (isIntact(row)) {
              writeEnd(row.ended(at));
              events.append(
                  "session_ended",
                  ending.actor(),
                  Map.of("session", sid(row), "why", ending.reason()));
              keys.add(SessionKey.of(row.hash()));
            }
          }
          return new Ended(keys, rows.size() < PART ? null : rows.getLast().hash());
        }));
  }

  private List<SessionRow> lockLive(Sessions.Ending ending, byte[] after, Instant at) {
    return database
        .sql(
            """
            select * from issuance.session
            where subject = :subject and ended_at is null and expires_at > :at and hash > :after
              and opened_at <= coalesce(:until::timestamptz, 'infinity')
            order by hash limit :part for update
            """)
        .param("subject", ending.subject())
        .param("at", time(at))
        .param("after", after)
        .param("until", time(ending.openedUntil()))
        .param("part", PART)
        .query(SessionStore::read)
        .list();
  }

  private void writeEnd(SessionRow row) {
    database
        .sql(
            """
            update issuance.session set ended_at = :endedAt, version = :version, mac = :mac
            where hash = :hash
            """)
        .param("endedAt", time(row.endedAt()))
        .param("version", row.version())
        .param("mac", mac(row))
        .param("hash", row.hash())
        .update();
  }

  /// Writes the token counts down; counts only grow.
  void saveTokens(Collection<Session> sessions) {
    var hashes = new ArrayList<String>();
    var counts = new ArrayList<String>();
    for (var session : sessions) {
      hashes.add(HEX.formatHex(session.key().hash()));
      counts.add(Integer.toString(session.tokens()));
    }
    database
        .sql(
            """
            update issuance.session s set tokens = greatest(s.tokens, n.tokens)
            from unnest(:hashes::text[], :counts::int[]) as n (hash, tokens)
            where s.hash = decode(n.hash, 'hex')
            """)
        .param("hashes", "{" + String.join(",", hashes) + "}")
        .param("counts", "{" + String.join(",", counts) + "}")
        .update();
  }

  /// Deletes what ran out before this time, a thousand at most.
  int deleteExpiredBefore(Instant time) {
    return database
        .sql(
            """
            delete from issuance.session where hash in
              (select hash from issuance.session where expires_at < :time limit 1000)
            """)
        .param("time", time(time))
        .update();
  }

  private byte[] mac(SessionRow row) {
    return macs.of(TABLE, row.id(), row.version(), row.columns());
  }

  private boolean isIntact(SessionRow row) {
    return macs.holds(TABLE, row.id(), row.version(), row.columns(), row.mac());
  }

  private static String sid(SessionRow row) {
    return Base64Url.encode(SessionKey.of(row.hash()).sid());
  }

  private static SessionRow read(ResultSet row, int number) throws SQLException {
    return new SessionRow(
        row.getBytes("hash"),
        row.getString("subject"),
        row.getString("opened_by"),
        row.getTimestamp("login_at").toInstant(),
        row.getTimestamp("opened_at").toInstant(),
        row.getTimestamp("expires_at").toInstant(),
        row.getString("method"),
        row.getString("source"),
        row.getInt("max_tokens"),
        row.getInt("tokens"),
        instant(row.getTimestamp("ended_at")),
        row.getLong("epoch"),
        row.getLong("version"),
        row.getBytes("mac"));
  }

  private static @Nullable Instant instant(@Nullable Timestamp time) {
    return time == null ? null : time.toInstant();
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
