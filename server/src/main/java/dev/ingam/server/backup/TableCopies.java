package dev.ingam.server.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.postgresql.PGConnection;

/// The tables of our schemas as streams, on a connection of the role that owns them. All but the
/// histories of the migrations, which each program writes itself, and the lease, which is of a
/// process.
final class TableCopies {
  private static final String COLUMNS =
      """
      select table_schema || '.' || table_name, column_name, is_identity
      from information_schema.columns
      where table_schema in ('keys', 'issuance') and table_name not in ('schema_history', 'node_lease')
      order by table_schema, table_name, ordinal_position
      """;

  private final Connection connection;

  TableCopies(Connection connection) {
    this.connection = connection;
  }

  /// The tables with all their columns.
  List<Section.Rows> tables() throws SQLException {
    var columns = new LinkedHashMap<String, List<String>>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(COLUMNS)) {
      while (rows.next()) {
        columns.computeIfAbsent(rows.getString(1), _ -> new ArrayList<>()).add(rows.getString(2));
      }
    }
    return columns.entrySet().stream()
        .map(each -> new Section.Rows(each.getKey(), List.copyOf(each.getValue())))
        .toList();
  }

  void write(Section.Rows rows, OutputStream out) throws SQLException, IOException {
    connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyOut("COPY " + rows.target() + " TO STDOUT", out);
  }

  /// Replaces what is in the table by these rows, as they are: no trigger changes them.
  void read(Section.Rows rows, InputStream in) throws SQLException, IOException {
    run("ALTER TABLE " + rows.table() + " DISABLE TRIGGER USER");
    run("DELETE FROM " + rows.table());
    connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyIn("COPY " + rows.target() + " FROM STDIN", in);
    run("ALTER TABLE " + rows.table() + " ENABLE TRIGGER USER");
  }

  /// Lets numbers that the database gives go on behind those that were given.
  void continueNumbers() throws SQLException {
    var identities = new ArrayList<String[]>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(COLUMNS)) {
      while (rows.next()) {
        if (rows.getString(3).equals("YES")) {
          identities.add(new String[] {rows.getString(1), rows.getString(2)});
        }
      }
    }
    for (var each : identities) {
      advance("pg_get_serial_sequence('" + each[0] + "', '" + each[1] + "')", each[1], each[0]);
    }
    advance("'issuance.withdrawal_number'", "withdrawn_number", "issuance.subject");
  }

  private void advance(String sequence, String column, String table) throws SQLException {
    run(
        "SELECT setval("
            + sequence
            + ", (SELECT coalesce(max("
            + column
            + "), 0) + 1 FROM "
            + table
            + "), false)");
  }

  private void run(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
