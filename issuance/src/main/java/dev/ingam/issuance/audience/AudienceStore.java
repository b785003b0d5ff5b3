package dev.ingam.issuance.audience;

import dev.ingam.keys.row.RowMac;
import dev.ingam.keys.row.SetTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The audiences in PostgreSQL.
final class AudienceStore {
  private static final String TABLE = "issuance.audience";
  private static final String HEX_TEXT = "([0-9a-f]{2})+";
  private static final HexFormat HEX = HexFormat.of();

  private final JdbcClient database;
  private final RowMac macs;
  private final SetTable set;

  AudienceStore(JdbcClient database, RowMac macs) {
    this.database = database;
    this.macs = macs;
    this.set = new SetTable(database, macs, "issuance.audience_set");
  }

  List<AudienceRow> all() {
    return database.sql("select * from issuance.audience").query((row, number) -> read(row)).list();
  }

  private static AudienceRow read(ResultSet row) throws SQLException {
    return new AudienceRow(
        row.getString("name"),
        row.getString("key_set"),
        row.getString("data_class"),
        new AudienceRow.Trust(
            row.getString("trust"),
            row.getObject("trust_since", Long.class),
            row.getObject("trust_until", Long.class),
            row.getString("trust_reason")),
        row.getLong("version"),
        row.getString("mac"));
  }

  long count() {
    return database.sql("select count(*) from issuance.audience").query(Long.class).single();
  }

  /// Whether this authority ever gave an audience a policy.
  boolean everHadAudiences() {
    return database
        .sql("select exists (select 1 from issuance.event where type = 'audience_set')")
        .query(Boolean.class)
        .single();
  }

  SetTable.@Nullable Row set() {
    return set.find().orElse(null);
  }

  /// The set, and no other transaction changes it before this one ends.
  SetTable.@Nullable Row lockedSet() {
    return set.locked().orElse(null);
  }

  /// The set that this row is; null when it is not ours.
  @Nullable AudienceSet intact(SetTable.Row row) {
    return set.isIntact(row) ? AudienceSet.read(row.version(), row.members()) : null;
  }

  void write(AudienceSet audiences) {
    set.write(audiences.version(), audiences.text());
  }

  /// The row with the MAC that it is kept with.
  AudienceRow signed(AudienceRow row) {
    return row.withMac(HEX.formatHex(macs.of(TABLE, row.name(), row.version(), row.columns())));
  }

  boolean isIntact(AudienceRow row) {
    return row.mac().matches(HEX_TEXT)
        && macs.holds(TABLE, row.name(), row.version(), row.columns(), HEX.parseHex(row.mac()));
  }

  /// Writes a signed row, in place of the one of that name.
  void write(AudienceRow row) {
    database
        .sql(
            """
            insert into issuance.audience (name, key_set, data_class, trust, trust_since,
              trust_until, trust_reason, version, mac)
            values (:name, :keySet, :dataClass, :trust, :since, :until, :reason, :version, :mac)
            on conflict (name) do update
              set key_set = excluded.key_set, data_class = excluded.data_class,
                trust = excluded.trust, trust_since = excluded.trust_since,
                trust_until = excluded.trust_until, trust_reason = excluded.trust_reason,
                version = excluded.version, mac = excluded.mac
            """)
        .param("name", row.name())
        .param("keySet", row.keySet())
        .param("dataClass", row.dataClass())
        .param("trust", row.trust().level())
        .param("since", row.trust().since())
        .param("until", row.trust().until())
        .param("reason", row.trust().reason())
        .param("version", row.version())
        .param("mac", row.mac())
        .update();
  }

  boolean remove(String name) {
    return database
            .sql("delete from issuance.audience where name = :name")
            .param("name", name)
            .update()
        == 1;
  }
}
