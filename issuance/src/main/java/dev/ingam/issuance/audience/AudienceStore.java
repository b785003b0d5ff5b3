package dev.ingam.issuance.audience;

import dev.ingam.keys.row.RowMac;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The audiences in PostgreSQL.
final class AudienceStore {
  private static final String TABLE = "issuance.audience";
  private static final String SET = "issuance.audience_set";
  private static final String HEX_TEXT = "([0-9a-f]{2})+";
  private static final HexFormat HEX = HexFormat.of();

  private final JdbcClient database;
  private final RowMac macs;

  AudienceStore(JdbcClient database, RowMac macs) {
    this.database = database;
    this.macs = macs;
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

  /// The row that names all audiences.
  record SetRow(long version, String members, String mac) {}

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

  @Nullable SetRow set() {
    return database
        .sql("select version, members, mac from issuance.audience_set")
        .query((row, number) ->
            new SetRow(row.getLong("version"), row.getString("members"), row.getString("mac")))
        .optional()
        .orElse(null);
  }

  /// The set, and no other transaction changes it before this one ends.
  @Nullable SetRow lockedSet() {
    database.sql("lock table issuance.audience_set in share row exclusive mode").update();
    return set();
  }

  /// The set that this row is; null when it is not ours.
  @Nullable AudienceSet intact(SetRow row) {
    var holds =
        row.mac().matches(HEX_TEXT)
            && macs.holds(
                SET, "set", row.version(), List.of(row.members()), HEX.parseHex(row.mac()));
    return holds ? AudienceSet.read(row.version(), row.members()) : null;
  }

  void write(AudienceSet set) {
    database
        .sql(
            """
            insert into issuance.audience_set (version, members, mac) values (:version, :members, :mac)
            on conflict (one) do update
              set version = excluded.version, members = excluded.members, mac = excluded.mac
            """)
        .param("version", set.version())
        .param("members", set.text())
        .param("mac", HEX.formatHex(macs.of(SET, "set", set.version(), List.of(set.text()))))
        .update();
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
