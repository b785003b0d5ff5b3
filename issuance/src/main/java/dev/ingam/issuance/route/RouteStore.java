package dev.ingam.issuance.route;

import dev.ingam.keys.row.RowMac;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The routes in PostgreSQL.
final class RouteStore {
  private static final String TABLE = "issuance.route";
  private static final String SET = "issuance.route_set";
  private static final String HEX_TEXT = "([0-9a-f]{2})+";
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

  /// The row that names all routes.
  record SetRow(long version, String members, String mac) {}

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

  @Nullable SetRow set() {
    return database
        .sql("select * from issuance.route_set")
        .query((row, number) ->
            new SetRow(row.getLong("version"), row.getString("members"), row.getString("mac")))
        .optional()
        .orElse(null);
  }

  /// The set, and no other transaction changes it before this one ends.
  @Nullable SetRow lockedSet() {
    database.sql("lock table issuance.route_set in share row exclusive mode").update();
    return set();
  }

  /// The set that this row is; null when it is not ours.
  @Nullable RouteSet intact(SetRow row) {
    var holds =
        row.mac().matches(HEX_TEXT)
            && macs.holds(
                SET, "set", row.version(), List.of(row.members()), HEX.parseHex(row.mac()));
    return holds ? RouteSet.read(row.version(), row.members()) : null;
  }

  void write(RouteSet set) {
    database
        .sql(
            """
            insert into issuance.route_set (version, members, mac) values (:version, :members, :mac)
            on conflict (one) do update
              set version = excluded.version, members = excluded.members, mac = excluded.mac
            """)
        .param("version", set.version())
        .param("members", set.text())
        .param("mac", HEX.formatHex(macs.of(SET, "set", set.version(), List.of(set.text()))))
        .update();
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
        row.getLong("version"),
        row.getString("mac"));
  }
}
