package dev.ingam.keys;

import dev.ingam.keys.row.RoleName;
import dev.ingam.keys.row.RowCopies;
import dev.ingam.keys.row.SchemaMigration;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The migrations of the schema `keys`.
public final class KeysSchema {
  /// The schema's name.
  public static final String NAME = "keys";

  static final RowCopies KEYS =
      new RowCopies("keys.signing_key", "kid", "state <> 'destroyed' AND NOT refused");
  static final RowCopies DOMAINS = new RowCopies("keys.custody_domain", "name", "NOT refused");

  /// What a node remembers of it.
  public static final List<RowCopies> REMEMBERED = List.of(KEYS, DOMAINS);

  private KeysSchema() {}

  /// Looks whether a database is this installation's, or empty as its key stores are, before
  /// anything is changed in it.
  ///
  /// @param owner connects as the owner
  /// @throws KeysException FOREIGN_DATABASE
  public static void requireOurs(DataSource owner, SealingKeys sealing, SigningStores stores) {
    DatabaseClaim.of(JdbcClient.create(owner), sealing).require(stores.domains().isEmpty());
  }

  /// Brings the schema up to date for the role `ingam_server`.
  ///
  /// @param owner connects as the owner
  public static void migrate(DataSource owner) {
    migrate(owner, RoleName.SERVER);
  }

  /// Brings the schema up to date; nothing when it is.
  ///
  /// @param owner connects as the owner
  /// @param server the role that works with the tables; it exists
  public static void migrate(DataSource owner, RoleName server) {
    SchemaMigration.run(KeysSchema.class, NAME, owner, server);
  }

  /// Brings an empty schema to the version that a backup was made of.
  ///
  /// @param owner connects as the owner
  /// @param server the role that works with the tables; it exists
  public static void migrateTo(String version, DataSource owner, RoleName server) {
    SchemaMigration.runTo(version, KeysSchema.class, NAME, owner, server);
  }
}
