package dev.ingam.issuance.route;

import dev.ingam.keys.row.RowMac;
import dev.ingam.keys.row.SetTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The routes in PostgreSQL.
final class RouteStore {
  private static final String TABLE = "issuance.route";
  private static final String HEX_TEXT = "([0-9a-f]{2})+";
  private static final HexFormat HEX = HexFormat.of();

  private final JdbcClient database;
  private final RowMac macs;
  private final SetTable set;

  RouteStore(JdbcClient database, RowMac macs) {
    this.database = database;
    this.macs = macs;
    this.set = new SetTable(database, macs, "issuance.route_set");
  }

  List<RouteRow> all() {
    return database.sql("select * from issuance.route").query(RouteStore::read).list();
  }

  long count() {
    return database.sql("select count(*) from issuance.route").query(Long.class).single();
  }

  /// Whether this authority ever added a route.
  boolean everHadRoutes() {
    return database
        .sql("select exists (select 1 from issuance.event where type = 'route_added')")
        .query(Boolean.class)
        .single();
  }

  SetTable.@Nullable Row set() {
    return set.find().orElse(null);
  }

  /// The set, and no other transaction changes it before this one ends.
  SetTable.@Nullable Row lockedSet() {
    return set.locked().orElse(null);
  }

  /// The set that this row is; null when it is not ours.
  @Nullable RouteSet intact(SetTable.Row row) {
    return set.isIntact(row) ? RouteSet.read(row.version(), row.members()) : null;
  }

  void write(RouteSet routes) {
    set.write(routes.version(), routes.text());
  }

  /// The row with the MAC that it is kept with.
  RouteRow signed(RouteRow row) {
    return row.withMac(HEX.formatHex(macs.of(TABLE, row.id(), row.version(), row.columns())));
  }

  boolean isIntact(RouteRow row) {
    return row.mac().matches(HEX_TEXT)
        && macs.holds(TABLE, row.id(), row.version(), row.columns(), HEX.parseHex(row.mac()));
  }

  /// Adds a signed row; false when there is one of that id, or of that method and path.
  boolean add(RouteRow row) {
    return database
            .sql(
                """
                insert into issuance.route (id, method, path, audience, scopes, data_class,
                  single_use, clients_allowed, bound_only, version, mac)
                values (:id, :method, :path, :audience, :scopes, :dataClass,
                  :singleUse, :clientsAllowed, :boundOnly, :version, :mac)
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
            .param("boundOnly", row.boundOnly())
            .param("version", row.version())
            .param("mac", row.mac())
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
        row.getBoolean("bound_only"),
        row.getLong("version"),
        row.getString("mac"));
  }
}
