package dev.ingam.keys.row;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The one row that names all rows of a table, with a MAC over the names and a version that only
/// grows: so that a row which is deleted or put back is missed. Whoever reads it remembers the
/// highest version that he saw, and believes no lower one.
public final class SetTable {
  private static final Pattern TABLE = Pattern.compile("[a-z]{1,20}\\.[a-z_]{1,30}");
  private static final Pattern HEX_TEXT = Pattern.compile("([0-9a-f]{2})+");
  private static final HexFormat HEX = HexFormat.of();
  private static final String ID = "set";

  private final JdbcClient database;
  private final RowMac macs;
  private final String table;

  /// The row as it stands, whoever wrote it.
  public record Row(long version, String members, String mac) {}

  /// @param table with the columns `one`, `version`, `members` and `mac`
  public SetTable(JdbcClient database, RowMac macs, String table) {
    if (!TABLE.matcher(table).matches()) {
      throw new IllegalArgumentException("expected a table of ours, came " + table);
    }
    this.database = database;
    this.macs = macs;
    this.table = table;
  }

  public Optional<Row> find() {
    return database
        .sql("select * from " + table)
        .query((row, number) ->
            new Row(row.getLong("version"), row.getString("members"), row.getString("mac")))
        .optional();
  }

  /// The row as it is remembered.
  public Optional<Row> of(Recall recall) {
    return database
        .sql("select * from jsonb_populate_recordset(null::" + table + ", :rows::jsonb)")
        .param("rows", recall.rows(table))
        .query((row, number) ->
            new Row(row.getLong("version"), row.getString("members"), row.getString("mac")))
        .optional();
  }

  /// The row, and no other transaction changes it before this one ends.
  public Optional<Row> locked() {
    database.sql("lock table " + table + " in share row exclusive mode").update();
    return find();
  }

  /// Whether we wrote this row.
  public boolean isIntact(Row row) {
    return HEX_TEXT.matcher(row.mac()).matches()
        && macs.holds(table, ID, row.version(), List.of(row.members()), HEX.parseHex(row.mac()));
  }

  /// Replaces the row, and answers it as it stands now.
  public Row write(long version, String members) {
    var mac = HEX.formatHex(macs.of(table, ID, version, List.of(members)));
    database
        .sql(
            "insert into "
                + table
                + " (version, members, mac) values (:version, :members, :mac)"
                + " on conflict (one) do update set version = excluded.version,"
                + " members = excluded.members, mac = excluded.mac")
        .param("version", version)
        .param("members", members)
        .param("mac", mac)
        .update();
    return new Row(version, members, mac);
  }
}
