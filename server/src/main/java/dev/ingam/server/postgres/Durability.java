package dev.ingam.server.postgres;

import dev.ingam.server.start.StartFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/// What the database itself says about whether a commit survives, asked at each start.
public final class Durability {
  private static final List<String> MUST_BE_ON =
      List.of("fsync", "synchronous_commit", "full_page_writes");
  private static final int MAJOR_FACTOR = 10_000;

  private Durability() {}

  /// @throws StartFailure when the database could lose a commit, or is older than what we are
  ///   tested with
  public static void check(DataSource database) {
    try (var connection = database.getConnection()) {
      var off = new ArrayList<String>();
      for (var setting : MUST_BE_ON) {
        var value = show(connection, setting);
        if (!value.equals("on")) {
          off.add(setting + " = " + value);
        }
      }
      if (!off.isEmpty()) {
        throw new StartFailure(
            "a database with " + String.join(", ", MUST_BE_ON) + " on",
            String.join(", ", off),
            "switch them on: without them a commit can be lost");
      }
      checkVersion(Integer.parseInt(show(connection, "server_version_num")) / MAJOR_FACTOR);
    } catch (SQLException e) {
      throw new StartFailure(
          "a database that answers", String.valueOf(e.getMessage()), "see ingam.database", e);
    }
  }

  private static void checkVersion(int major) {
    if (major < Integer.parseInt(Software.MAJOR)) {
      throw new StartFailure(
          "PostgreSQL " + Software.MAJOR + " or newer",
          "version " + major,
          "upgrade the database that ingam.database.url names");
    }
  }

  private static String show(Connection connection, String setting) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SHOW " + setting)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
