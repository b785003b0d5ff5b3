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
    DATABASE.ownerClient().sql("truncate issuance.route, issuance.event").update();
    routes = open();
  }

  private Routes open() {
    var transactions = new TransactionTemplate(new JdbcTransactionManager(DATABASE.server()));
    return new Routes(
        new Routes.Storage(database, transactions, new RowMac(sealing), events), clock);
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
    return routes.match(method, path).map(Route::id).orElse("unmatched");
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
  void rowChangedInTheDatabase_doesNotExist() {
    for (var change :
        List.of(
            "method = '*'",
            "path = '/**'",
            "audience = 'x'",
            "scopes = ''",
            "data_class = 'NONE'",
            "single_use = true",
            "clients_allowed = true",
            "version = 2",
            "mac = ''")) {
      empty();
      add("profile", "GET", "/profile");
      DATABASE.ownerClient().sql("update issuance.route set " + change).update();
      routes.refresh();
      assertThat(routes.list()).as(change).isEmpty();
      assertThat(routes.broken()).as(change).containsOnlyKeys("profile");
    }
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
