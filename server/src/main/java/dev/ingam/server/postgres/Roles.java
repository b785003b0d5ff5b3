package dev.ingam.server.postgres;

import dev.ingam.keys.row.RoleName;
import dev.ingam.server.start.StartFailure;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.postgresql.PGConnection;

/// The database and its two roles, made once: `ingam_owner` owns the tables, `ingam_server` owns
/// nothing. The superuser is used here and nowhere else.
final class Roles {
  private static final String OWNER = RoleName.OWNER.value();
  private static final String SERVER = RoleName.SERVER.value();
  private static final String DATABASE = "ingam";

  /// A program that takes the port while PostgreSQL is away could ask for the password in clear;
  /// SCRAM shows it nothing, and makes it prove that it knows the password too.
  private static final String WAY = "sslmode=disable&requireAuth=scram-sha-256";

  /// No such role or database, or another password than ours.
  private static final Set<String> NOT_MADE = Set.of("28P01", "28000", "3D000", "42501");

  private final String base;
  private final Passwords passwords;

  Roles(int port, Passwords passwords) {
    this.base = "jdbc:postgresql://127.0.0.1:" + port + "/";
    this.passwords = passwords;
  }

  DatabaseAccess ensure() {
    var access =
        new DatabaseAccess(
            base + DATABASE + "?" + WAY + "&ApplicationName=ingam",
            new DatabaseAccess.Login(OWNER, passwords.of(OWNER)),
            new DatabaseAccess.Login(SERVER, passwords.of(SERVER)));
    try {
      if (!canLogIn(access, access.owner()) || !canLogIn(access, access.server())) {
        make(access);
      }
    } catch (SQLException e) {
      throw new StartFailure(
          "the database's roles to be made",
          String.valueOf(e.getMessage()),
          "if the passwords in the secrets folder were lost, restore them from its backup",
          e);
    }
    return access;
  }

  private static boolean canLogIn(DatabaseAccess access, DatabaseAccess.Login login)
      throws SQLException {
    try (var connection = connect(access.url(), login)) {
      return connection.isValid(0);
    } catch (SQLException e) {
      if (NOT_MADE.contains(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  private void make(DatabaseAccess access) throws SQLException {
    var superuser = new DatabaseAccess.Login(Cluster.SUPERUSER, passwords.of(Cluster.SUPERUSER));
    try (var connection = connect(base + "postgres?" + WAY, superuser)) {
      for (var login : List.of(access.owner(), access.server())) {
        makeRole(connection, login);
      }
      if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
        run(connection, "CREATE DATABASE " + DATABASE + " OWNER " + OWNER);
      }
      run(connection, "REVOKE ALL ON DATABASE " + DATABASE + " FROM PUBLIC");
      run(connection, "REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC");
      run(connection, "GRANT CONNECT ON DATABASE " + DATABASE + " TO " + SERVER);
    }
    try (var connection = connect(base + DATABASE + "?" + WAY, superuser)) {
      run(connection, "REVOKE ALL ON SCHEMA public FROM PUBLIC");
    }
  }

  /// The password goes over as its verifier only, so that no log can hold it.
  private static void makeRole(Connection connection, DatabaseAccess.Login login)
      throws SQLException {
    var role = login.role();
    if (!exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = '" + role + "'")) {
      run(connection, "CREATE ROLE " + role + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE");
    }
    connection
        .unwrap(PGConnection.class)
        .alterUserPassword(role, login.password().value().toCharArray(), "scram-sha-256");
  }

  private static boolean exists(Connection connection, String query) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      return rows.next();
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect(String url, DatabaseAccess.Login login) throws SQLException {
    return DriverManager.getConnection(url, login.role(), login.password().value());
  }
}
