package dev.ingam.issuance.judge;

import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.RowMac;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Evidence and counts in PostgreSQL.
final class ProofStore {
  private static final String COUNT = "issuance.theft_count";
  private static final HexFormat HEX = HexFormat.of();

  /// A row of counts, and whether this authority wrote it.
  record Read(ProofCount count, boolean ours) {}

  /// A proof to keep whole.
  record Kept(Proof proof, String askedBy, @Nullable Boolean subjectKnown) {}

  private final JdbcClient database;
  private final TransactionTemplate transactions;
  private final EventTable events;
  private final RowMac macs;
  private final AcknowledgementStore acknowledgements;

  /// Of the last [#write], as the database numbers it; null until it is about to commit.
  private @Nullable String last;

  ProofStore(TheftProofs.Storage storage) {
    database = storage.database();
    transactions = storage.transactions();
    events = storage.events();
    macs = storage.macs();
    acknowledgements = new AcknowledgementStore(storage);
  }

  /// Writes evidence with its events, and the counts as they are now, in one transaction. When it
  /// throws, ask [#hasCommitted] before it is repeated. One thread at a time.
  void write(List<Kept> kept, Collection<ProofCount> counts) {
    last = null;
    transactions.executeWithoutResult(status -> {
      kept.forEach(this::insert);
      counts.forEach(this::upsert);
      last = database.sql("select pg_current_xact_id()::text").query(String.class).single();
    });
  }

  /// Whether the last [#write] is in the database although its answer got lost.
  ///
  /// @throws IllegalStateException while the database has not decided
  boolean hasCommitted() {
    var transaction = last;
    if (transaction == null) {
      return false;
    }
    var status = status(transaction);
    if (status.equals("in progress")) {
      throw new IllegalStateException("expected the transaction to have ended, it is in progress");
    }
    return status.equals("committed");
  }

  /// A database that was put back does not know a transaction that was made since: it did not
  /// happen.
  private String status(String transaction) {
    try {
      return database
          .sql("select coalesce(pg_xact_status(cast(:id as xid8)), 'unknown')")
          .param("id", transaction)
          .query(String.class)
          .single();
    } catch (DataIntegrityViolationException e) {
      return "unknown";
    }
  }

  /// Writes what a person said with its event, and the counts that it was said of.
  void acknowledge(Acknowledgement said, ProofCount count) {
    transactions.executeWithoutResult(status -> {
      upsert(count);
      acknowledgements.add(said);
    });
  }

  /// Those that this authority wrote, of each key the last one last.
  List<Acknowledgement> acknowledgements() {
    return acknowledgements.ours();
  }

  private void insert(Kept kept) {
    var proof = kept.proof();
    database
        .sql(
            """
            insert into issuance.theft_proof
              (kid, found_at, finding, reason, asked_by, digest, serial, subject_known, token)
            values (:kid, :foundAt, :finding, :reason, :askedBy, :digest, :serial, :known, :token)
            """)
        .param("kid", proof.kid())
        .param("foundAt", proof.foundAt().atOffset(ZoneOffset.UTC))
        .param("finding", proof.findingName())
        .param("reason", proof.reason().code())
        .param("askedBy", kept.askedBy())
        .param("digest", proof.digestText())
        .param("serial", proof.serial())
        .param("known", kept.subjectKnown())
        .param("token", proof.token())
        .update();
    events.append(
        "theft_proven",
        "judge",
        Map.of(
            "kid", proof.kid(),
            "finding", proof.findingName(),
            "reason", proof.reason().code(),
            "asked_by", kept.askedBy(),
            "digest", proof.digestText()));
  }

  private void upsert(ProofCount count) {
    database
        .sql(
            """
            insert into issuance.theft_count
              (kid, proofs, unknown_subjects, unchecked_subjects, first_at, last_at, mac)
            values (:kid, :proofs, :unknown, :unchecked, :firstAt, :lastAt, :mac)
            on conflict (kid) do update set
              proofs = excluded.proofs,
              unknown_subjects = excluded.unknown_subjects,
              unchecked_subjects = excluded.unchecked_subjects,
              first_at = excluded.first_at,
              last_at = excluded.last_at,
              mac = excluded.mac
            """)
        .param("kid", count.kid())
        .param("proofs", count.proofs())
        .param("unknown", count.unknownSubjects())
        .param("unchecked", count.uncheckedSubjects())
        .param("firstAt", count.firstAt().atOffset(ZoneOffset.UTC))
        .param("lastAt", count.lastAt().atOffset(ZoneOffset.UTC))
        .param("mac", HEX.formatHex(mac(count)))
        .update();
  }

  private byte[] mac(ProofCount count) {
    return macs.of(
        COUNT,
        count.kid(),
        count.proofs(),
        List.of(
            Long.toString(count.unknownSubjects()),
            Long.toString(count.uncheckedSubjects()),
            count.firstAt().toString(),
            count.lastAt().toString()));
  }

  private Read read(ResultSet row, int number) throws SQLException {
    var count =
        new ProofCount(
            row.getString("kid"),
            row.getLong("proofs"),
            row.getLong("unknown_subjects"),
            row.getLong("unchecked_subjects"),
            row.getTimestamp("first_at").toInstant(),
            row.getTimestamp("last_at").toInstant());
    var mac = row.getString("mac").getBytes(StandardCharsets.US_ASCII);
    var expected = HEX.formatHex(mac(count)).getBytes(StandardCharsets.US_ASCII);
    return new Read(count, MessageDigest.isEqual(expected, mac));
  }

  boolean has(Proof proof) {
    return database
        .sql(
            "select exists (select 1 from issuance.theft_proof"
                + " where kid = :kid and digest = :digest)")
        .param("kid", proof.kid())
        .param("digest", proof.digestText())
        .query(Boolean.class)
        .single();
  }

  /// The first whole tokens kept of a key.
  List<String> tokens(String kid, int limit) {
    return database
        .sql("select token from issuance.theft_proof where kid = :kid order by id limit :limit")
        .param("kid", kid)
        .param("limit", limit)
        .query((row, number) -> row.getString("token"))
        .list();
  }

  List<Read> counts() {
    return database
        .sql("select * from issuance.theft_count order by first_at")
        .query(this::read)
        .list();
  }

  List<Evidence> evidence(long after, int limit) {
    return database
        .sql("select * from issuance.theft_proof where id > :after order by id limit :limit")
        .param("after", after)
        .param("limit", limit)
        .query(ProofStore::evidence)
        .list();
  }

  private static Evidence evidence(ResultSet row, int number) throws SQLException {
    return new Evidence(
        row.getLong("id"),
        row.getString("kid"),
        row.getTimestamp("found_at").toInstant(),
        row.getString("finding"),
        row.getString("reason"),
        row.getString("asked_by"),
        row.getString("digest"),
        row.getString("serial"),
        row.getObject("subject_known", Boolean.class));
  }
}
