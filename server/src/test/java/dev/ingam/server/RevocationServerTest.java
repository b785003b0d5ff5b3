package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.ClientAuthentication;
import dev.ingam.issuance.client.ClientChange;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.client.ClientSettings;
import dev.ingam.issuance.route.DataClass;
import dev.ingam.issuance.route.PathPattern;
import dev.ingam.issuance.route.Route;
import dev.ingam.keys.Installation;
import dev.ingam.server.door.ListenerName;
import dev.ingam.testkit.Until;
import dev.ingam.verifier.CachedKeySource;
import dev.ingam.verifier.CallerToken;
import dev.ingam.verifier.ClientCredential;
import dev.ingam.verifier.Expectation;
import dev.ingam.verifier.HttpLedgerClient;
import dev.ingam.verifier.PolledLedgerState;
import dev.ingam.verifier.Verifier;
import dev.ingam.wire.JsonObject;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Verdict;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Introspection, revocation and watermarks of one server, through its doors.
class RevocationServerTest {
  @TempDir static Path home;
  private static TestServer server;
  private static String shop;
  private static String once;
  private static String api;
  private static String bank;

  @BeforeAll
  static void start() {
    server = TestServer.start(home);
    shop = client("shop-job", ClientRight.CLIENT_CREDENTIALS, "shop", false);
    once = client("once-job", ClientRight.CLIENT_CREDENTIALS, "shop", true);
    api = client("shop-api", ClientRight.INTROSPECTION, "shop", false);
    bank = client("bank-api", ClientRight.INTROSPECTION, "bank", false);
    server
        .issuance()
        .routes()
        .add(
            new Route(
                "prices",
                "GET",
                PathPattern.of("/prices"),
                "shop",
                Set.of(),
                DataClass.INTERNAL,
                false,
                true),
            "test");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String client(String id, ClientRight right, String audience, boolean singleUse) {
    var settings =
        new ClientSettings(
            id,
            new ClientAuthentication.ClientSecret(),
            Set.of(right),
            Set.of("read"),
            Set.of(audience),
            Duration.ofMinutes(5),
            singleUse);
    var change = server.issuance().clients().create(settings, "test");
    return ((ClientChange.Changed) change).secret().reveal();
  }

  private static HttpResponse<String> post(String path, Map<String, String> form) {
    var body =
        form.entrySet().stream()
            .map(each ->
                each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return post(path, body);
  }

  private static HttpResponse<String> post(String path, String body) {
    return server.send(
        server
            .request(ListenerName.PUBLIC, path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> introspect(String id, String secret, String token) {
    return post(
        "/oauth2/introspect", Map.of("client_id", id, "client_secret", secret, "token", token));
  }

  private static HttpResponse<String> redeem(String token) {
    return post(
        "/oauth2/introspect",
        Map.of("client_id", "shop-api", "client_secret", api, "token", token, "redeem", "true"));
  }

  private static JsonObject json(HttpResponse<String> answer) {
    return JsonObject.read(answer.body());
  }

  private static void assertActive(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(json(answer).bool("active")).isTrue();
  }

  private static void assertInactive(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"active\":false}");
  }

  private static String error(HttpResponse<String> answer) {
    return answer.statusCode() + " " + json(answer).string("error");
  }

  private static HttpResponse<String> admin(String path, String body) throws IOException {
    var credential =
        Files.readString(server.bean(Installation.class).secretsDir().resolve("root-credential"));
    return server.send(
        server
            .request(ListenerName.ADMIN, path)
            .header("Authorization", "Bearer " + credential.strip())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  @Test
  void goodToken_isActiveForItsAudience() {
    var token = server.clientToken("shop-job", shop);

    var answer = introspect("shop-api", api, token);

    assertActive(answer);
    assertThat(json(answer).names())
        .containsExactly(
            "active", "iss", "sub", "aud", "client_id", "scope", "exp", "iat", "jti", "token_type");
    assertThat(json(answer).string("sub")).isEqualTo("client:shop-job");
    assertThat(json(answer).string("token_type")).isEqualTo("Bearer");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    assertInactive(introspect("bank-api", bank, token));
  }

  @Test
  void singleUseToken_isActiveUntilItIsRedeemed() {
    var token = server.clientToken("once-job", once);

    assertActive(introspect("shop-api", api, token));
    assertActive(introspect("shop-api", api, token));
    assertActive(redeem(token));
    assertInactive(redeem(token));
    assertInactive(introspect("shop-api", api, token));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "a.b.c", "e30.e30.AA", "한국", "eyJhbGciOiJub25lIn0.e30."})
  void junk_isNotActive(String token) {
    assertInactive(introspect("shop-api", api, token));
    assertInactive(introspect("bank-api", bank, token));
  }

  @Test
  void alteredToken_isNotActive() {
    var token = server.clientToken("shop-job", shop);
    var parts = token.split("\\.");

    assertInactive(introspect("shop-api", api, parts[0] + "." + parts[1] + "." + "A".repeat(86)));
    assertActive(introspect("shop-api", api, token));
  }

  @Test
  void callers_mustBeKnownAndHaveTheRight() {
    var token = server.clientToken("shop-job", shop);

    assertThat(error(introspect("shop-api", "wrong", token))).isEqualTo("401 invalid_client");
    assertThat(error(post("/oauth2/introspect", Map.of("token", token))))
        .isEqualTo("401 invalid_client");
    assertThat(error(introspect("shop-job", shop, token))).isEqualTo("400 unauthorized_client");
    assertThat(error(introspect("shop-api", api, ""))).isEqualTo("400 invalid_request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token=a&token=a",
        "token=a&redeem=maybe",
        "token=%zz",
        "token=%ff",
        "token=a&client_secret=x",
        "token_type_hint=a&token_type_hint=a&token=a"
      })
  void hostileForms_areRefused(String body) {
    var credentials = "&client_id=shop-api&client_secret=" + api;
    for (var path : new String[] {"/oauth2/introspect", "/oauth2/revoke"}) {
      if (path.endsWith("revoke") && body.contains("redeem")) {
        continue; // not a parameter there
      }
      assertThat(error(post(path, body + credentials))).isEqualTo("400 invalid_request");
    }
  }

  @Test
  void queryOrOtherMethods_areRefused() {
    for (var path : new String[] {"/oauth2/introspect", "/oauth2/revoke"}) {
      var get = server.send(server.request(ListenerName.PUBLIC, path).GET());
      assertThat(get.statusCode()).isEqualTo(405);
      assertThat(post(path + "?token=x", "token=x").statusCode()).isEqualTo(400);
      var inside =
          server.send(
              server
                  .request(ListenerName.INTERNAL, path)
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(BodyPublishers.ofString("token=x")));
      assertThat(inside.statusCode()).isEqualTo(404);
    }
  }

  @Test
  void revokedToken_isRefusedEverywhere() {
    var token = server.clientToken("shop-job", shop);
    assertThat(server.gate("GET", "/prices", token).statusCode()).isEqualTo(200);

    var foreign =
        post(
            "/oauth2/revoke",
            Map.of("client_id", "once-job", "client_secret", once, "token", token));
    assertThat(error(foreign)).isEqualTo("400 invalid_grant");
    assertActive(introspect("shop-api", api, token));
    var own =
        post(
            "/oauth2/revoke",
            Map.of("client_id", "shop-job", "client_secret", shop, "token", token));

    assertThat(own.statusCode()).isEqualTo(200);
    assertInactive(introspect("shop-api", api, token));
    assertThat(server.gate("GET", "/prices", token).headers().firstValue("X-Ingam-Reason"))
        .contains("revoked");
  }

  @Test
  void metadata_namesTheEndpoints() {
    var answer =
        server.send(server.request(ListenerName.PUBLIC, "/.well-known/oauth-authorization-server"));
    var issuer = json(answer).string("issuer");
    assertThat(json(answer).string("introspection_endpoint"))
        .isEqualTo(issuer + "/oauth2/introspect");
    assertThat(json(answer).string("revocation_endpoint")).isEqualTo(issuer + "/oauth2/revoke");
    for (var endpoint : new String[] {"introspection", "revocation"}) {
      assertThat(json(answer).strings(endpoint + "_endpoint_auth_methods_supported"))
          .containsExactly("private_key_jwt", "client_secret_basic", "client_secret_post");
    }
  }

  @Test
  void ledgerState_isForCallersAndChangesWithItsTag() {
    var watcher = server.client("watcher", ClientRight.LEDGER, false, Set.of());
    assertThat(server.send(server.request(ListenerName.INTERNAL, "/ledger/state")).statusCode())
        .isEqualTo(401);
    var first = state(watcher, "none");
    assertThat(first.statusCode()).isEqualTo(200);
    var tag = first.headers().firstValue("ETag").orElseThrow();
    var unchanged = state(watcher, tag);
    assertThat(unchanged.statusCode()).isEqualTo(304);
    assertThat(unchanged.body()).isEmpty();
  }

  private static HttpResponse<String> state(String secret, String tag) {
    var answer =
        server.token(
            ListenerName.PUBLIC, TestServer.credentials("watcher", secret, "urn:ingam:internal"));
    return server.send(
        server
            .request(ListenerName.INTERNAL, "/ledger/state")
            .header("Authorization", "Bearer " + TestServer.text(answer, "access_token"))
            .header("If-None-Match", tag));
  }

  /// The whole of it: a token is good for gate, introspection and a verifier of another process;
  /// the operator revokes; none takes it any more, and the next one is good.
  @Test
  void revokeEverythingOfAClient_isKnownToAll() throws Exception {
    var service = server.client("service", ClientRight.LEDGER, false, Set.of());
    var internal = URI.create(server.url(ListenerName.INTERNAL));
    var http = HttpClient.newHttpClient();
    var caller =
        new CallerToken(
            URI.create(server.url(ListenerName.PUBLIC) + "/oauth2/token"),
            ClientCredential.secret("service", service),
            "ingam:ledger",
            http,
            Clock.systemUTC());
    try (var ledger = new HttpLedgerClient(internal, caller, http, new SecureRandom());
        var state = new PolledLedgerState(internal, caller, http, Clock.systemUTC())) {
      var keys = new CachedKeySource(internal.resolve("/keys"), caller, http, Clock.systemUTC());
      var verifier = Verifier.builder(keys, ledger, Clock.systemUTC()).ledgerState(state).build();
      var expected = new Expectation(server.url(ListenerName.PUBLIC), "shop", false, true);
      var token = server.clientToken("shop-job", shop);
      assertThat(verifier.verify(token, expected)).isInstanceOf(Verdict.Accepted.class);
      var order =
          "{\"before\":\"now\",\"target\":\"client\",\"value\":\"shop-job\",\"why\":\"drill\"";

      assertThat(admin("/admin/watermarks", order + ",\"dry_run\":true}").body())
          .contains("\"dry_run\":true")
          .doesNotContain("\"watermark\"");
      assertActive(introspect("shop-api", api, token));
      assertThat(admin("/admin/watermarks", order + "}").statusCode()).isEqualTo(200);

      assertInactive(introspect("shop-api", api, token));
      assertThat(server.gate("GET", "/prices", token).statusCode()).isEqualTo(401);
      assertThat(verifier.verify(token, expected))
          .isInstanceOfSatisfying(
              Verdict.Refused.class, it -> assertThat(it.reason()).isEqualTo(Reason.REVOKED));
      Until.isTrue(
          "the verifier knows it by itself",
          Duration.ofSeconds(20),
          () -> state.current() != null && !state.current().watermarks().isEmpty());
      assertThat(verifier.verify(token, expected)).isInstanceOf(Verdict.Refused.class);
      var next = server.clientToken("shop-job", shop);
      assertThat(verifier.verify(next, expected)).isInstanceOf(Verdict.Accepted.class);
      assertActive(introspect("shop-api", api, next));
      assertThat(state.age()).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"before\":\"now\",\"target\":\"all\"}",
        "{\"before\":\"soon\",\"target\":\"all\",\"why\":\"x\"}",
        "{\"before\":\"now\",\"target\":\"device\",\"why\":\"x\"}",
        "{\"before\":\"now\",\"target\":\"all\",\"value\":\"x\",\"why\":\"x\"}",
        "{\"before\":\"2999-01-01T00:00:00Z\",\"target\":\"all\",\"why\":\"x\"}",
        "{\"target\":\"all\",\"why\":\"x\"}"
      })
  void orderThatIsNone_isRefused(String body) throws IOException {
    assertThat(error(admin("/admin/watermarks", body))).isEqualTo("400 invalid_request");
  }

  @Test
  void orderOfWhatIsNotThere_isNotFound() throws IOException {
    for (var target : new String[] {"key", "client"}) {
      var body =
          "{\"before\":\"now\",\"target\":\"%s\",\"value\":\"nope\",\"why\":\"x\"}"
              .formatted(target);
      assertThat(error(admin("/admin/watermarks", body))).isEqualTo("404 not_found");
    }
    assertThat(admin("/admin/sessions/end", "{\"subject\":\"kim\",\"why\":\"x\"}").body())
        .contains("\"sessions_ended\":0");
  }
}
