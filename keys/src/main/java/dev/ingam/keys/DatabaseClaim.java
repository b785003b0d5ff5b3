package dev.ingam.keys;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Whose database this is: one row says it, derived from the sealing keys of its installation.
///
/// @param fingerprint of this installation
record DatabaseClaim(JdbcClient database, String fingerprint) {
  private static final int BYTES = 16;

  static DatabaseClaim of(JdbcClient database, SealingKeys sealing) {
    var bytes = sealing.mac("ingam database 1", "keys".getBytes(StandardCharsets.UTF_8));
    return new DatabaseClaim(database, HexFormat.of().formatHex(bytes, 0, BYTES));
  }

  /// Looks, before there may be tables, and changes nothing.
  ///
  /// @param empty whether this installation has no key yet, so that an empty database is right
  /// @throws KeysException FOREIGN_DATABASE
  void require(boolean empty) {
    var made = "SELECT to_regclass('keys.installation') IS NOT NULL";
    compare(database.sql(made).query(Boolean.class).single() ? found() : Optional.empty(), empty);
  }

  /// Makes the database ours, or checks that it is.
  ///
  /// @param empty as above
  /// @throws KeysException FOREIGN_DATABASE
  void make(boolean empty) {
    var found = found();
    compare(found, empty);
    if (found.isEmpty()) {
      database
          .sql("INSERT INTO keys.installation (fingerprint) VALUES (?)")
          .param(fingerprint)
          .update();
    }
  }

  private Optional<String> found() {
    return database.sql("SELECT fingerprint FROM keys.installation").query(String.class).optional();
  }

  private void compare(Optional<String> found, boolean empty) {
    if (found.isEmpty() && !empty) {
      throw foreign("knows nothing of the keys in the data folder");
    }
    if (found.isPresent() && !found.get().equals(fingerprint)) {
      throw foreign("belongs to another installation");
    }
  }

  private static KeysException foreign(String how) {
    return new KeysException(
        KeysException.Code.FOREIGN_DATABASE,
        "the database "
            + how
            + "; give this data folder its own database, or restore the one it had; nothing was changed");
  }
}
