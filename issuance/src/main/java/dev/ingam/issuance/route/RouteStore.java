package dev.ingam.issuance.route;

import dev.ingam.keys.row.RowMac;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The routes in PostgreSQL.
final class RouteStore {
  private static final String TABLE = "issuance.route";
  private static final HexFormat HEX = HexFormat.of();

  private final JdbcClient database;
  private final RowMac macs;

  RouteStore(JdbcClient database, RowMac macs) {
    this.database = database;
    this.macs = macs;
  }

  List<RouteRow> all() {
    return database.sql("select * from issuance.route").query(RouteStore::read).list();
  }

  boolean isIntact(RouteRow row) {
    return row.mac().matches("([0-9a-f]{2})+")
        && macs.holds(TABLE, row.id(), row.version(), row.columns(), HEX.parseHex(row.mac()));
  }

  /// Adds a row; false when there is one of that id, or of that method and path.
  boolean add(RouteRow row) {
    return database
            .sql(
                """
                insert into issuance.route (id, method, path, audience, scopes, data_class,
                  single_use, clients_allowed, version, mac)
                values (:id, :method, :path, :audience, :scopes, :dataClass,
                  :singleUse, :clientsAllowed, :version, :mac)
                on conflict do nothing
                """)
            .param("id", row.id())
            .param("method", row.method())
            .param("path", row.path())
            .param("audience", row.audience())
            .param("scopes", row.scopes())
            .param("dataClass", row.dataClass())
            .param("singleUse", row.singleUse())
            .param("clientsAllowed", row.clientsAllowed())
            .param("version", row.version())
            .param("mac", HEX.formatHex(macs.of(TABLE, row.id(), row.version(), row.columns())))
            .update()
        == 1;
  }

  boolean remove(String id) {
    return database.sql("delete from issuance.route where id = :id").param("id", id).update() == 1;
  }

  private static RouteRow read(ResultSet row, int number) throws SQLException {
    return new RouteRow(
        row.getString("id"),
        row.getString("method"),
        row.getString("path"),
        row.getString("audience"),
        row.getString("scopes"),
        row.getString("data_class"),
        row.getBoolean("single_use"),
        row.getBoolean("clients_allowed"),
        row.getLong("version"),
        row.getString("mac"));
  }
}
