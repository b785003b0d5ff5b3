package dev.ingam.issuance.audience;

import dev.ingam.keys.row.RowMac;
import dev.ingam.keys.row.SetTable;
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
    return database
        .sql("select name, key_set, version, mac from issuance.audience")
        .query((row, number) ->
            new AudienceRow(
                row.getString("name"),
                row.getString("key_set"),
                row.getLong("version"),
                row.getString("mac")))
        .list();
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
            insert into issuance.audience (name, key_set, version, mac)
            values (:name, :keySet, :version, :mac)
            on conflict (name) do update
              set key_set = excluded.key_set, version = excluded.version, mac = excluded.mac
            """)
        .param("name", row.name())
        .param("keySet", row.keySet())
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
