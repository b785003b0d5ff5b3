package dev.ingam.server.postgres;

import dev.ingam.server.start.Secret;
import java.util.Properties;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// How the database is reached: as the role that owns the tables and migrates them, and as the role
/// that works with them and owns nothing.
///
/// @param url of JDBC, without a user
public record DatabaseAccess(String url, Login owner, Login server) {
  /// A role and its password.
  public record Login(String role, Secret password) {}

  public DatabaseAccess {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException("expected jdbc:postgresql:..., came another URL");
    }
    if (owner.role().equals(server.role())) {
      throw new IllegalArgumentException("expected two roles, came one");
    }
  }

  /// Connects as one of the two; a new connection each time. Its errors carry no value of a row.
  public DataSource connecting(Login login) {
    var source = new DriverManagerDataSource(url, login.role(), login.password().value());
    var properties = new Properties();
    properties.setProperty("logServerErrorDetail", "false");
    source.setConnectionProperties(properties);
    return source;
  }
}
