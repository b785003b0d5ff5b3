package dev.ingam.issuance.watermark;

import dev.ingam.issuance.ledger.Line;
import dev.ingam.keys.row.Recall;
import dev.ingam.keys.row.RowMac;
import dev.ingam.keys.row.SetTable;
import dev.ingam.wire.Watermark;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The rows of watermarks in PostgreSQL, whoever wrote them.
final class WatermarkTable {
  private static final String TABLE = "issuance.watermark";
  private static final HexFormat HEX = HexFormat.of();
  private static final long MAX_VERSION = 1L << 62;

  private final JdbcClient database;
  private final RowMac macs;
  private final SetTable set;

  WatermarkTable(JdbcClient database, RowMac macs) {
    this.database = database;
    this.macs = macs;
    this.set = new SetTable(database, macs, "issuance.watermark_set");
  }

  /// A row as it stands.
  ///
  /// @param mark null when its columns are none
  record Row(long id, @Nullable Mark mark, String mac) {}

  SetTable set() {
    return set;
  }

  /// A row of ours for this mark.
  Row signed(Mark mark) {
    return new Row(mark.id(), mark, HEX.formatHex(macs.of(TABLE, id(mark), 1, mark.columns())));
  }

  boolean isIntact(Row row) {
    return row.mark() != null && signed(row.mark()).equals(row);
  }

  private static String id(Mark mark) {
    return Long.toString(mark.id());
  }

  /// The rows of these ids, by id.
  Map<Long, Row> find(Collection<Long> ids) {
    if (ids.isEmpty()) {
      return Map.of();
    }
    return database
        .sql("select * from issuance.watermark where id = any(:ids::bigint[])")
        .param("ids", ids.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}")))
        .query(WatermarkTable::read)
        .list()
        .stream()
        .collect(Collectors.toMap(Row::id, row -> row, (one, other) -> one, TreeMap::new));
  }

  /// The rows that are remembered, by id.
  Map<Long, Row> of(Recall recall) {
    return database
        .sql("select * from jsonb_populate_recordset(null::issuance.watermark, :rows::jsonb)")
        .param("rows", recall.rows(TABLE))
        .query(WatermarkTable::read)
        .list()
        .stream()
        .collect(Collectors.toMap(Row::id, row -> row, (one, other) -> one, TreeMap::new));
  }

  /// The newest rows, newest first.
  List<Row> newest(int limit) {
    return database
        .sql("select * from issuance.watermark order by id desc limit :limit")
        .param("limit", limit)
        .query(WatermarkTable::read)
        .list();
  }

  /// The highest version that rows and sessions know of; more than the set's says that the set is
  /// an old one.
  long highestVersion() {
    return database
        .sql(
            """
            select least(:most, greatest(
              (select coalesce(max(id), 0) from issuance.watermark),
              (select coalesce(max(epoch), 0) from issuance.session)))
            """)
        .param("most", MAX_VERSION)
        .query(Long.class)
        .single();
  }

  /// Whether this authority ever made a watermark.
  boolean everHadAny() {
    return database
        .sql("select exists (select 1 from issuance.event where type = 'watermark_made')")
        .query(Boolean.class)
        .single();
  }

  /// Writes a row of ours, in place of what stands there.
  void write(Row row, Mark mark) {
    var line = mark.line();
    database
        .sql(
            """
            insert into issuance.watermark (id, target, value, line_generation, line_slot,
              issued_until, made_at, actor, reason, mac)
            values (:id, :target, :value, :generation, :slot, :until, :madeAt, :actor, :reason, :mac)
            on conflict (id) do update set target = excluded.target, value = excluded.value,
              line_generation = excluded.line_generation, line_slot = excluded.line_slot,
              issued_until = excluded.issued_until, made_at = excluded.made_at,
              actor = excluded.actor, reason = excluded.reason, mac = excluded.mac
            """)
        .param("id", mark.id())
        .param("target", mark.target().wireName())
        .param("value", mark.value())
        .param("generation", line == null ? null : line.generation())
        .param("slot", line == null ? null : line.slot())
        .param("until", mark.issuedUntil())
        .param("madeAt", mark.madeAt().atOffset(ZoneOffset.UTC))
        .param("actor", mark.actor())
        .param("reason", mark.reason())
        .param("mac", row.mac())
        .update();
  }

  private static Row read(ResultSet row, int number) throws SQLException {
    return new Row(row.getLong("id"), mark(row), row.getString("mac"));
  }

  private static @Nullable Mark mark(ResultSet row) throws SQLException {
    var target = Watermark.Target.ofWireName(row.getString("target"));
    var generation = row.getObject("line_generation", Long.class);
    var slot = row.getObject("line_slot", Integer.class);
    try {
      return target == null
          ? null
          : new Mark(
              row.getLong("id"),
              target,
              row.getString("value"),
              generation == null || slot == null ? null : new Line(generation, slot),
              row.getObject("issued_until", Long.class),
              row.getTimestamp("made_at").toInstant(),
              row.getString("actor"),
              row.getString("reason"));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
