package dev.ingam.drill;

import dev.ingam.drill.attack.StolenStore;
import dev.ingam.drill.shop.Page;
import dev.ingam.drill.shop.Passwords;
import dev.ingam.drill.shop.ShopConfig;
import dev.ingam.drill.web.ClientCredential;
import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.Es256Key;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.UpstreamIssuer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// What the shop's operator does once: keys for the log-in system, the server's configuration that
/// pins one of them, two clients and a route for each page, by the admin API.
final class Setup {
  private static final String UPSTREAM = "https://login.shop.example";
  private static final String KEY_SET = "access";

  private final WorkFolder folder;
  private final UpstreamIssuer upstream;
  private final ClientCredential exchange;
  private final ClientCredential loginEvents;
  private final Passwords passwords;

  Setup(WorkFolder folder, SecureRandom random) {
    this.folder = folder;
    this.upstream = new UpstreamIssuer(UPSTREAM, Es256Key.generate(random));
    this.exchange = new ClientCredential("shop-exchange", Es256Key.generate(random));
    this.loginEvents = new ClientCredential("shop-login", Es256Key.generate(random));
    var seed = new byte[16];
    random.nextBytes(seed);
    this.passwords = new Passwords(Base64.getUrlEncoder().withoutPadding().encodeToString(seed));
  }

  Passwords passwords() {
    return passwords;
  }

  UpstreamIssuer upstream() {
    return upstream;
  }

  ClientCredential exchange() {
    return exchange;
  }

  /// The server's configuration: whose subject tokens it takes.
  Path serverConfig() {
    var jwks = folder.write("shop/upstream-jwks.json", upstream.key().jwkSet());
    return folder.write(
        "server.yml",
        String.format(
            Locale.ROOT,
            """
            ingam:
              upstream:
                issuer: %s
                jwks: %s
            """,
            upstream.name(),
            jwks));
  }

  /// Clients, routes, and a key that is published but does not sign yet, for the attacker to copy
  /// as well.
  void tell(IngamServer server) {
    server.post("/admin/clients", client(exchange, "token_exchange"));
    server.post("/admin/clients", client(loginEvents, "login_events"));
    for (var page : Page.values()) {
      server.post("/admin/routes", route(page));
    }
    if (keys(server, "prepared", false).isEmpty()) {
      server.post("/admin/key-sets/" + KEY_SET + "/prepare", Json.empty());
    }
  }

  ShopConfig shop(IngamServer server, int accounts) {
    return new ShopConfig(accounts, server.address(), upstream, exchange, loginEvents, passwords);
  }

  /// The store of the key that signs, or of the reserve, with its master key.
  StolenStore store(IngamServer server, boolean reserve) {
    var domain =
        keys(server, reserve ? "prepared" : "active", reserve).stream()
            .map(key -> key.text("domain"))
            .findFirst()
            .orElseThrow(
                () -> new DrillException("the server lists no such key: reserve " + reserve));
    return new StolenStore(
        folder.data(), domain, folder.installation().resolve(domain + ".master"));
  }

  /// The key that signs the shop's tokens: its audience has no policy, so the default set does.
  static String signingKid(IngamServer server) {
    return keys(server, "active", false).stream()
        .filter(key -> key.text("set").equals("access"))
        .map(key -> key.text("kid"))
        .findFirst()
        .orElseThrow(() -> new DrillException("the server lists no key that signs"));
  }

  /// Every key that lies in a store.
  static Set<String> kids(IngamServer server, StolenStore store) {
    return server.get("/admin/keys").objects("keys").stream()
        .filter(key -> key.text("domain").equals(store.domain()))
        .map(key -> key.text("kid"))
        .collect(Collectors.toSet());
  }

  static List<Json> keys(IngamServer server, String state, boolean reserve) {
    return server.get("/admin/keys").objects("keys").stream()
        .filter(key -> key.text("state").equals(state))
        .filter(key -> key.flag("reserve") == reserve)
        .toList();
  }

  private static Json client(ClientCredential credential, String right) {
    return Json.empty()
        .with("id", credential.clientId())
        .with("authentication", "private_key_jwt")
        .with("jwks", credential.key().jwkSet())
        .with("rights", List.of(right))
        .with("scopes", List.of("shop"))
        .with("audiences", List.of("shop"));
  }

  private static Json route(Page page) {
    return Json.empty()
        .with("method", page.method())
        .with("path", page.path())
        .with("audience", "shop")
        .with("scopes", List.of("shop"))
        .with("data", "personal")
        .with("single_use", page.singleUse())
        .with("clients", false);
  }
}
