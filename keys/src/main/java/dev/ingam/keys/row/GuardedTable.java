package dev.ingam.keys.row;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A table whose rows grant power: every row carries a version and a MAC over id, version and all
/// columns, is changed by conditional writes alone, and counts for nothing when its MAC fails.
///
/// Beside the columns named here it has the id column, `version bigint`, `mac bytea` and `refused
/// boolean`. Methods join the caller's transaction.
public final class GuardedTable {
  private final JdbcClient database;
  private final RowMac mac;
  private final String name;
  private final List<Column> columns;
  private final String select;
  private final String remembered;
  private final String insert;
  private final String update;
  private final String refuse;

  /// @param name with its schema
  /// @param id the column of the primary key, a text
  public GuardedTable(
      JdbcClient database, RowMac mac, String name, String id, List<Column> columns) {
    this.database = database;
    this.mac = mac;
    this.name = name;
    this.columns = List.copyOf(columns);
    var names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
    var casts = columns.stream().map(Column::cast).collect(Collectors.joining(", "));
    var changes =
        columns.stream()
            .map(column -> column.name + " = " + column.cast())
            .collect(Collectors.joining(", "));
    var from = "SELECT " + id + ", " + names + ", version, mac, refused FROM ";
    this.select = from + name + " ORDER BY " + id;
    this.remembered =
        from + "jsonb_populate_recordset(NULL::" + name + ", ?::jsonb) ORDER BY " + id;
    this.insert =
        "INSERT INTO "
            + name
            + " ("
            + id
            + ", "
            + names
            + ", version, mac)"
            + " VALUES (?, "
            + casts
            + ", 1, ?)";
    var current = " WHERE " + id + " = ? AND NOT refused";
    this.update =
        "UPDATE "
            + name
            + " SET "
            + changes
            + ", version = version + 1, mac = ?"
            + current
            + " AND version = ?";
    this.refuse = "UPDATE " + name + " SET refused = true" + current;
  }

  /// All rows by id, those that do not hold too.
  public List<GuardedRow> all() {
    return database.sql(select).query((row, _) -> row(row)).list();
  }

  /// The rows that a [Recall] has of this table.
  public List<GuardedRow> of(Recall recall) {
    return database.sql(remembered).param(recall.rows(name)).query((row, _) -> row(row)).list();
  }

  /// Writes a new row with version 1.
  public void insert(String id, List<@Nullable String> values) {
    var parameters = new ArrayList<@Nullable Object>();
    parameters.add(id);
    parameters.addAll(values);
    parameters.add(mac.of(name, id, 1, values));
    database.sql(insert).params(parameters).update();
  }

  /// Replaces the row of this version by the next version; false when it is no longer there in that
  /// version.
  public boolean update(String id, long version, List<@Nullable String> values) {
    var parameters = new ArrayList<@Nullable Object>(values);
    parameters.add(mac.of(name, id, version + 1, values));
    parameters.add(id);
    parameters.add(version);
    return database.sql(update).params(parameters).update() == 1;
  }

  /// Marks a row as refused for good; false when it was.
  public boolean refuse(String id) {
    return database.sql(refuse).param(id).update() == 1;
  }

  private GuardedRow row(ResultSet row) throws SQLException {
    var id = row.getString(1);
    var values = new ArrayList<@Nullable String>();
    for (int i = 0; i < columns.size(); i++) {
      values.add(columns.get(i).text(row, i + 2));
    }
    long version = row.getLong("version");
    boolean refused = row.getBoolean("refused");
    boolean holds = !refused && mac.holds(name, id, version, values, row.getBytes("mac"));
    return new GuardedRow(id, version, values, holds, refused);
  }

  /// A column: its name and what its texts are cast to.
  public record Column(String name, Type type) {
    public static Column text(String name) {
      return new Column(name, Type.TEXT);
    }

    public static Column time(String name) {
      return new Column(name, Type.TIMESTAMPTZ);
    }

    public static Column flag(String name) {
      return new Column(name, Type.BOOLEAN);
    }

    public static Column number(String name) {
      return new Column(name, Type.BIGINT);
    }

    private String cast() {
      return "CAST(? AS " + type + ")";
    }

    private @Nullable String text(ResultSet row, int index) throws SQLException {
      if (row.getObject(index) == null) {
        return null;
      }
      return switch (type) {
        case TEXT -> row.getString(index);
        case TIMESTAMPTZ -> row.getObject(index, OffsetDateTime.class).toInstant().toString();
        case BOOLEAN -> String.valueOf(row.getBoolean(index));
        case BIGINT -> String.valueOf(row.getLong(index));
      };
    }
  }

  /// What a column holds.
  public enum Type {
    TEXT,
    TIMESTAMPTZ,
    BOOLEAN,
    BIGINT
  }
}
