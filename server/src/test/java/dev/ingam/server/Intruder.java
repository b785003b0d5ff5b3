package dev.ingam.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;

/// Another local user: a program of its own that tries what it is told and says how it went, one
/// line each. It reads `read`, `list` or `write` with a path, or `connect` with a URL, a role and a
/// password (which may be empty), with tabs between. It uses nothing but the JDK and a JDBC driver.
final class Intruder {
  private Intruder() {}

  public static void main(String[] args) throws IOException {
    var tasks = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (var task = tasks.readLine(); task != null; task = tasks.readLine()) {
      var words = task.split("\t", -1);
      out.println(String.join("\t", words[0], words[1], result(words)));
    }
  }

  private static String result(String[] words) {
    try {
      return switch (words[0]) {
        case "read" -> read(Path.of(words[1]));
        case "list" -> list(Path.of(words[1]));
        case "write" -> Files.writeString(Path.of(words[1]), "x") + " written";
        case "connect" -> connect(words[1], words[2], words[3]);
        default -> "unknown";
      };
    } catch (IOException e) {
      return "refused: " + e.getClass().getSimpleName();
    } catch (SQLException e) {
      return "refused: " + e.getSQLState();
    }
  }

  private static String read(Path file) throws IOException {
    try (var content = Files.newInputStream(file)) {
      return "read " + content.readNBytes(1).length;
    }
  }

  private static String list(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return "listed " + files.count();
    }
  }

  private static String connect(String url, String role, String password) throws SQLException {
    try (var connection = DriverManager.getConnection(url, role, password)) {
      return "connected " + connection.isValid(0);
    }
  }
}
