package dev.ingam.drill;

import dev.ingam.drill.attack.Thief;
import dev.ingam.drill.shop.Members;
import dev.ingam.drill.shop.Page;
import dev.ingam.drill.shop.ShopBehindProxy;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Reply;
import dev.ingam.testkit.Until;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The real server, and members who log in and get tokens for the audience `shop`: what a guide's
/// sample service stands before.
final class SampleHouse implements AutoCloseable {
  static final String AUDIENCE = "shop";
  private static final int MEMBERS = 12;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Clock CLOCK = Clock.systemUTC();

  private final HttpCaller http = new HttpCaller();
  private final WorkFolder folder = WorkFolder.make(null);
  private final Setup setup = new Setup(folder, new SecureRandom());
  private final Child process;
  private final IngamServer server;
  private final String issuer;
  private final ShopBehindProxy shop;

  SampleHouse() {
    process = IngamServer.launch(folder, new Jvm(System.getProperties()), setup.serverConfig());
    server = IngamServer.ready(process, folder, CLOCK);
    issuer = server.address().issuer();
    setup.tell(server);
    shop = new ShopBehindProxy(setup.shop(server, MEMBERS), CLOCK);
  }

  String issuer() {
    return issuer;
  }

  URI internal() {
    return server.ports().internalUri();
  }

  /// Registers a client that reads tokens of the shop, and answers its secret.
  String secretOf(String client, String right) {
    var settings =
        Json.empty()
            .with("id", client)
            .with("authentication", "client_secret")
            .with("rights", List.of(right))
            .with("scopes", List.of())
            .with("audiences", List.of(AUDIENCE));
    return server.post("/admin/clients", settings).text("secret");
  }

  /// An honest token of a member who just logged in.
  String token(int member) {
    var id = Members.id(member);
    var login = Json.empty().with("member", id).with("password", setup.passwords().of(id));
    return http.post(shop.login().resolve("/login"), Map.of(), login)
        .expect("a log-in")
        .text("access_token");
  }

  /// Who copied the key that signs now.
  Thief thief() {
    return new Thief(setup.store(server, false), token(0), CLOCK);
  }

  /// What the gate says to a token, by the ledger.
  Reply gate(String token) {
    var headers =
        Map.of(
            "Authorization", "Bearer " + token,
            "X-Forwarded-Method", Page.PROFILE.method(),
            "X-Forwarded-Uri", Page.PROFILE.path());
    return http.get(server.ports().internalUri().resolve("/gate"), headers);
  }

  /// Everything that was issued until now is revoked.
  void revokeAll() {
    var all = Json.empty().with("before", "now").with("target", "all").with("why", "a test");
    server.post("/admin/watermarks", all.with("dry_run", false));
  }

  List<Json> proofs() {
    return server.get("/admin/proofs").objects("proofs");
  }

  void awaitProof(String kid) {
    Until.isTrue(
        "the theft is proven",
        PATIENCE,
        () ->
            proofs().stream()
                .anyMatch(proof -> proof.text("kid").equals(kid) && proof.has("tainted_at")));
  }

  /// Ends the server; the tokens live on.
  void endServer() {
    process.close();
  }

  @Override
  public void close() {
    shop.close();
    process.close();
    folder.close();
  }
}
