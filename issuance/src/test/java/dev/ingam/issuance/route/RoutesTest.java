package dev.ingam.issuance.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.issuance.IssuanceSchema;
import dev.ingam.issuance.judge.TestLedger;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.RowMac;
import dev.ingam.testkit.SettableClock;
import dev.ingam.testkit.TestDatabase;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class RoutesTest {
  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  private final SettableClock clock = SettableClock.at("2026-11-23T09:00:00Z");
  private final SealingKeys sealing = TestLedger.sealing();
  private final JdbcClient database = DATABASE.serverClient();
  private final EventTable events = new EventTable(database, "issuance", clock);
  private Routes routes;

  @BeforeEach
  void empty() {
    sql("truncate issuance.route, issuance.route_set, issuance.event");
    routes = open();
  }

  private static void sql(String statement) {
    DATABASE.ownerClient().sql(statement).update();
  }

  private Routes open() {
    var transactions = new TransactionTemplate(new JdbcTransactionManager(DATABASE.server()));
    return new Routes(
        new Routes.Storage(database, transactions, new RowMac(sealing), events),
        audience -> false,
        clock);
  }

  private static Route route(String id, String method, String path) {
    return new Route(
        id,
        method,
        PathPattern.of(path),
        "https://shop.example",
        Set.of("profile"),
        DataClass.PERSONAL,
        false,
        false);
  }

  private void add(String id, String method, String path) {
    assertThat(routes.add(route(id, method, path), "test")).isEqualTo(Routes.Added.ADDED);
  }

  private String match(String method, String uri) {
    var path = ((CanonicalPath.Read) CanonicalPath.read(uri)).path();
    return switch (routes.match(method, path)) {
      case RouteMatch.Found(Route route) -> route.id();
      case RouteMatch.Unmatched() -> "unmatched";
      case RouteMatch.InDoubt() -> "in doubt";
    };
  }

  @Test
  void mostSpecificRoute_wins() {
    add("all", "*", "/**");
    add("shop", "*", "/shop/**");
    add("item", "*", "/shop/*");
    add("cart", "*", "/shop/cart");
    add("cart-post", "POST", "/shop/cart");
    add("deep", "*", "/shop/*/reviews");

    assertThat(match("GET", "/")).isEqualTo("all");
    assertThat(match("GET", "/shop")).isEqualTo("shop");
    assertThat(match("GET", "/shop/17")).isEqualTo("item");
    assertThat(match("GET", "/shop/cart")).isEqualTo("cart");
    assertThat(match("GET", "/shop/cart/")).isEqualTo("cart");
    assertThat(match("POST", "/shop/cart")).isEqualTo("cart-post");
    assertThat(match("GET", "/shop/17/reviews")).isEqualTo("deep");
    assertThat(match("GET", "/shop/17/reviews/3")).isEqualTo("shop");
  }

  @Test
  void nothing_matchesWithoutARoute() {
    add("profile", "GET", "/profile");

    assertThat(match("POST", "/profile")).isEqualTo("unmatched");
    assertThat(match("GET", "/profiles")).isEqualTo("unmatched");
    assertThat(match("GET", "/Profile")).isEqualTo("unmatched");
    assertThat(match("GET", "/profile/x")).isEqualTo("unmatched");
    assertThat(Route.strictest("a").dataClass()).isEqualTo(DataClass.PERSONAL);
    assertThat(Route.strictest("a").clientsAllowed()).isFalse();
  }

  @Test
  void personalData_isServedForAnAudienceUnlessAllItsRoutesSayOtherwise() {
    assertThat(routes.servesPersonalData("https://shop.example")).as("no route names it").isTrue();
    var prices =
        new Route(
            "prices",
            "GET",
            PathPattern.of("/prices"),
            "https://shop.example",
            Set.of(),
            DataClass.INTERNAL,
            false,
            true);
    routes.add(prices, "test");
    assertThat(routes.servesPersonalData("https://shop.example")).isFalse();
    assertThat(routes.servesPersonalData("https://bank.example")).isTrue();
    add("profile", "GET", "/profile");
    assertThat(routes.servesPersonalData("https://shop.example")).isTrue();
    routes.remove("profile", "test");
    sql("update issuance.route set data_class = 'NONE'");
    routes.refresh();
    assertThat(routes.servesPersonalData("https://shop.example")).as("changed by others").isTrue();
  }

  @Test
  void routes_areFoundByTheNextProcess() {
    add("profile", "GET", "/profile");
    routes = open();

    assertThat(routes.list()).containsExactly(route("profile", "GET", "/profile"));
  }

  @Test
  void sameIdOrSamePlace_existsOnce() {
    add("profile", "GET", "/profile");

    assertThat(routes.add(route("profile", "GET", "/other"), "test"))
        .isEqualTo(Routes.Added.EXISTS);
    assertThat(routes.add(route("other", "GET", "/profile"), "test"))
        .isEqualTo(Routes.Added.EXISTS);
    assertThat(routes.list()).hasSize(1);
  }

  @Test
  void removedRoute_matchesNoMore() {
    add("profile", "GET", "/profile");

    assertThat(routes.remove("profile", "test")).isTrue();

    assertThat(match("GET", "/profile")).isEqualTo("unmatched");
    assertThat(routes.remove("profile", "test")).isFalse();
    assertThat(events.after(0, 10))
        .extracting("type")
        .containsExactly("route_added", "route_removed");
  }

  @Test
  void rowChangedInTheDatabase_yieldsToNoWiderRoute() {
    for (var change :
        List.of(
            "method = '*'",
            "path = '/other'",
            "path = 'unreadable'",
            "audience = 'x'",
            "scopes = ''",
            "data_class = 'NONE'",
            "single_use = true",
            "clients_allowed = true",
            "version = 2",
            "mac = ''")) {
      empty();
      add("wide", "*", "/**");
      add("profile", "GET", "/profile");
      sql("update issuance.route set " + change + " where id = 'profile'");
      routes.refresh();
      assertThat(routes.list()).as(change).extracting(Route::id).containsExactly("wide");
      assertThat(match("GET", "/profile")).as(change).isEqualTo("in doubt");
      assertThat(routes.broken()).as(change).containsOnlyKeys("profile");
    }
  }

  @Test
  void rowDeletedInTheDatabase_yieldsToNoWiderRoute() {
    add("wide", "*", "/**");
    add("profile", "GET", "/profile");
    sql("delete from issuance.route where id = 'profile'");
    routes.refresh();

    assertThat(match("GET", "/profile")).isEqualTo("in doubt");
    assertThat(match("GET", "/other")).isEqualTo("wide");
    assertThat(routes.broken()).containsOnlyKeys("profile");
    routes = open();
    assertThat(match("GET", "/profile")).isEqualTo("in doubt");

    add("profile", "GET", "/profile");
    assertThat(match("GET", "/profile")).isEqualTo("profile");
    assertThat(routes.broken()).isEmpty();
  }

  @Test
  void missingRoute_canBeRemoved() {
    add("wide", "*", "/**");
    add("profile", "GET", "/profile");
    sql("delete from issuance.route where id = 'profile'");

    assertThat(routes.remove("profile", "test")).isTrue();

    assertThat(match("GET", "/profile")).isEqualTo("wide");
    assertThat(routes.broken()).isEmpty();
  }

  @Test
  void removedRow_putBackIsNoRoute() {
    add("profile", "GET", "/profile");
    add("wide", "*", "/**");
    sql("create table issuance.kept as select * from issuance.route where id = 'wide'");
    assertThat(routes.remove("wide", "test")).isTrue();
    sql("insert into issuance.route select * from issuance.kept");
    sql("drop table issuance.kept");
    routes.refresh();

    assertThat(match("GET", "/profile")).isEqualTo("profile");
    assertThat(match("GET", "/other")).isEqualTo("in doubt");
    assertThat(routes.broken()).containsOnlyKeys("wide");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete from issuance.route_set",
        "update issuance.route_set set version = version + 1",
        "update issuance.route_set set members = ''",
        "update issuance.route_set set mac = 'x'"
      })
  void changedSet_putsEveryRequestInDoubtUntilAllIsMadeAnew(String change) {
    add("wide", "*", "/**");
    add("profile", "GET", "/profile");
    sql(change);
    routes.refresh();

    assertThat(match("GET", "/other")).isEqualTo("in doubt");
    assertThat(routes.setBrokenSince()).isPresent();
    assertThat(routes.list()).hasSize(2);
    assertThat(routes.add(route("more", "GET", "/more"), "test")).isEqualTo(Routes.Added.IN_DOUBT);
    assertThat(routes.remove("wide", "test")).isTrue();
    assertThat(routes.remove("profile", "test")).isTrue();
    assertThat(match("GET", "/other")).isEqualTo("in doubt");

    add("profile", "GET", "/profile");
    assertThat(match("GET", "/profile")).isEqualTo("profile");
    assertThat(match("GET", "/other")).isEqualTo("unmatched");
  }

  @Test
  void olderSetWithItsRows_isNotOurs() {
    add("wide", "*", "/**");
    sql("create table issuance.kept as select * from issuance.route_set");
    add("profile", "GET", "/profile");
    sql("delete from issuance.route_set");
    sql("insert into issuance.route_set select * from issuance.kept");
    sql("drop table issuance.kept");
    sql("delete from issuance.route where id = 'profile'");
    routes.refresh();

    assertThat(match("GET", "/profile")).isEqualTo("in doubt");
  }

  @Test
  void absentSet_isLookedIntoWithoutReadingAllEvents() {
    sql(
        "insert into issuance.event select i, now(), 'session_opened', 'login', '{}', ''"
            + " from generate_series(1, 20000) i");
    sql("analyze issuance.event");

    var plan =
        DATABASE
            .ownerClient()
            .sql("explain select 1 from issuance.event where type = 'route_added'")
            .query(String.class)
            .list();

    assertThat(plan).anyMatch(line -> line.contains("event_route_added"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "profile", "/a/**/b", "/a*", "/a/../b", "/a?b", "/a//b", "/***", "/%2e", "/;"})
  void badPattern_isRefused(String pattern) {
    assertThatThrownBy(() -> PathPattern.of(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("expected");
  }

  @Test
  void badRoute_isRefused() {
    assertThatThrownBy(() -> route("Bad Id", "GET", "/"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> route("x", "get", "/")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            new Route("x", "GET", PathPattern.of("/"), "", Set.of(), DataClass.NONE, false, false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            new Route(
                "x", "GET", PathPattern.of("/"), "a", Set.of("a b"), DataClass.NONE, false, false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
