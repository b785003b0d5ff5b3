package dev.ingam.issuance.client;

import dev.ingam.keys.row.RowMac;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The clients in PostgreSQL.
final class ClientStore {
  private static final String TABLE = "issuance.client";

  private final JdbcClient database;
  private final RowMac macs;

  ClientStore(JdbcClient database, RowMac macs) {
    this.database = database;
    this.macs = macs;
  }

  List<ClientRow> all() {
    return database.sql("select * from issuance.client").query(ClientStore::read).list();
  }

  /// The row, locked until the transaction ends.
  Optional<ClientRow> lock(String id) {
    return database
        .sql("select * from issuance.client where id = :id for update")
        .param("id", id)
        .query(ClientStore::read)
        .optional();
  }

  boolean isIntact(ClientRow row) {
    return row.mac().matches("([0-9a-f]{2})+")
        && macs.holds(TABLE, row.id(), row.version(), row.columns(), row.macBytes());
  }

  /// The row with the MAC that it is kept with.
  ClientRow signed(ClientRow row) {
    return row.withMac(macs.of(TABLE, row.id(), row.version(), row.columns()));
  }

  /// Adds a signed row; false when there is one of that id.
  boolean add(ClientRow row) {
    return write(
        """
        insert into issuance.client (id, jwks, secret_hash, certificate, rights, scopes, audiences,
          lifetime_seconds, single_use, sender_constraint, enabled, version, mac)
        values (:id, :jwks, :secretHash, :certificate, :rights, :scopes, :audiences,
          :lifetimeSeconds, :singleUse, :senderConstraint, :enabled, :version, :mac)
        on conflict (id) do nothing
        """,
        row);
  }

  /// Replaces the row of the version before by a signed one; false when the stored one is another.
  boolean change(ClientRow row) {
    return write(
        """
        update issuance.client set jwks = :jwks, secret_hash = :secretHash,
          certificate = :certificate, rights = :rights, scopes = :scopes, audiences = :audiences, lifetime_seconds = :lifetimeSeconds,
          single_use = :singleUse, sender_constraint = :senderConstraint, enabled = :enabled, version = :version, mac = :mac
        where id = :id and version = :version - 1
        """,
        row);
  }

  private boolean write(String sql, ClientRow row) {
    return database
            .sql(sql)
            .param("id", row.id())
            .param("jwks", row.jwks())
            .param("secretHash", row.secretHash())
            .param("certificate", row.certificate())
            .param("rights", row.rights())
            .param("scopes", row.scopes())
            .param("audiences", row.audiences())
            .param("lifetimeSeconds", row.lifetimeSeconds())
            .param("singleUse", row.singleUse())
            .param("senderConstraint", row.senderConstraint())
            .param("enabled", row.enabled())
            .param("version", row.version())
            .param("mac", row.mac())
            .update()
        == 1;
  }

  private static ClientRow read(ResultSet row, int number) throws SQLException {
    return new ClientRow(
        row.getString("id"),
        row.getString("jwks"),
        row.getString("secret_hash"),
        row.getString("certificate"),
        row.getString("rights"),
        row.getString("scopes"),
        row.getString("audiences"),
        row.getLong("lifetime_seconds"),
        row.getBoolean("single_use"),
        row.getString("sender_constraint"),
        row.getBoolean("enabled"),
        row.getLong("version"),
        row.getString("mac"));
  }
}
