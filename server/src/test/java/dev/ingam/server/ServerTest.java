package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.ingam.issuance.client.ClientAuthentication;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.client.ClientSettings;
import dev.ingam.issuance.route.DataClass;
import dev.ingam.issuance.route.PathPattern;
import dev.ingam.issuance.route.Route;
import dev.ingam.keys.Installation;
import dev.ingam.server.door.DoorTable;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.postgres.Database;
import dev.ingam.testkit.Until;
import dev.ingam.verifier.CachedKeySource;
import dev.ingam.verifier.CallerToken;
import dev.ingam.verifier.ClientCredential;
import dev.ingam.verifier.Expectation;
import dev.ingam.verifier.HttpLedgerClient;
import dev.ingam.verifier.Verifier;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeySet;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Verdict;
import dev.ingam.wire.VerificationKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// One server, everything through its doors.
class ServerTest {
  private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";
  private static final String ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final String UPSTREAM = "https://login.example";

  @TempDir static Path home;
  private static TestServer server;
  private static KeyPair upstreamKeys;
  private static KeyPair exchangeKeys;
  private static KeyPair loginKeys;
  private static String job;

  @BeforeAll
  static void start() throws Exception {
    upstreamKeys = ed25519();
    exchangeKeys = ed25519();
    loginKeys = ed25519();
    var jwks = home.resolve("upstream.json");
    Files.write(jwks, set(upstreamKeys).toJson(false));
    server =
        TestServer.start(
            home,
            Map.of("ingam.upstream.issuer", UPSTREAM, "ingam.upstream.jwks", jwks.toString()));
    job = server.client("job", ClientRight.CLIENT_CREDENTIALS, false, Set.of("orders:read"));
    byKey("login-app", ClientRight.LOGIN_EVENTS, loginKeys, Set.of());
    byKey("shop-app", ClientRight.TOKEN_EXCHANGE, exchangeKeys, Set.of("orders:read"));
    route("orders", "/orders/*", DataClass.PERSONAL, false);
    route("prices", "/prices", DataClass.NONE, true);
  }

  @AfterAll
  static void stop() {
    server.close();
    assertThat(home.resolve("data/run/ports.json")).doesNotExist();
    assertThat(home.resolve("data/postgres/data/postmaster.pid")).doesNotExist();
  }

  private static KeyPair ed25519() throws GeneralSecurityException {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  private static KeySet set(KeyPair pair) {
    return new KeySet(
        List.of(
            VerificationKey.ours(
                Algorithm.ED25519, pair.getPublic(), KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE)));
  }

  private static void byKey(String id, ClientRight right, KeyPair keys, Set<String> scopes) {
    var settings =
        new ClientSettings(
            id,
            new ClientAuthentication.PrivateKeyJwt(set(keys)),
            Set.of(right),
            scopes,
            scopes.isEmpty() ? Set.of() : Set.of("shop"),
            ClientSettings.DEFAULT_LIFETIME,
            false);
    assertThat(server.issuance().clients().create(settings, "test").toString()).contains("Changed");
  }

  private static void route(String id, String path, DataClass data, boolean clients) {
    server
        .issuance()
        .routes()
        .add(
            new Route(
                id,
                "GET",
                PathPattern.of(path),
                "shop",
                Set.of("orders:read"),
                data,
                false,
                clients),
            "test");
  }

  private static String jwt(KeyPair keys, Map<String, Object> claims)
      throws GeneralSecurityException {
    var kid = VerificationKey.thumbprint(keys.getPublic());
    var input =
        encoded("{\"alg\":\"Ed25519\",\"kid\":\"" + kid + "\"}") + "." + encoded(json(claims));
    return input + "." + signed(keys.getPrivate(), input);
  }

  private static String json(Map<String, Object> claims) {
    var members = new ArrayList<String>();
    claims.forEach((name, value) ->
        members.add("\"" + name + "\":" + (value instanceof Long ? value : "\"" + value + "\"")));
    return "{" + String.join(",", members) + "}";
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String signed(PrivateKey key, String input) throws GeneralSecurityException {
    var signature = Signature.getInstance("Ed25519");
    signature.initSign(key);
    signature.update(input.getBytes(StandardCharsets.US_ASCII));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
  }

  private static String issuer() {
    return server.url(ListenerName.PUBLIC);
  }

  private static Map<String, String> exchange(String subject, String session) throws Exception {
    var now = Instant.now().getEpochSecond();
    var proof =
        ClientCredential.privateKey("shop-app", issuer(), key(exchangeKeys), new SecureRandom())
            .proof(Instant.now());
    Map<String, Object> vouched =
        Map.of(
            "iss",
            UPSTREAM,
            "sub",
            subject,
            "sid",
            session,
            "aud",
            issuer(),
            "iat",
            now,
            "exp",
            now + 60,
            "jti",
            Long.toString(System.nanoTime()));
    var form = new HashMap<>(proof.form());
    form.put("grant_type", EXCHANGE);
    form.put("subject_token", jwt(upstreamKeys, vouched));
    form.put("subject_token_type", JWT);
    form.put("audience", "shop");
    form.put("scope", "orders:read");
    assertThat(form).containsEntry("client_assertion_type", ASSERTION);
    return form;
  }

  private static ClientCredential.SigningKey key(KeyPair pair) {
    return new ClientCredential.SigningKey(
        VerificationKey.thumbprint(pair.getPublic()), Algorithm.ED25519, pair.getPrivate());
  }

  private static String logIn(String subject) {
    var event =
        "{\"subject\":\"%s\",\"time\":\"%s\",\"method\":\"password\",\"source\":\"203.0.113.7\"}"
            .formatted(subject, Instant.now());
    var answer = event("/events/login", event);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return TestServer.text(answer, "session");
  }

  private static HttpResponse<String> event(String path, String body) {
    var form = new HashMap<String, String>();
    form.putAll(
        ClientCredential.privateKey("login-app", issuer(), key(loginKeys), new SecureRandom())
            .proof(Instant.now())
            .form());
    form.put("grant_type", "client_credentials");
    form.put("audience", "urn:ingam:internal");
    var token = TestServer.text(server.token(ListenerName.PUBLIC, form), "access_token");
    return server.send(
        server
            .request(ListenerName.INTERNAL, path)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  @Test
  void client_getsATokenThatPassesItsRoute() {
    var token = server.clientToken("job", job);
    var admitted = server.gate("GET", "/prices", token);
    assertThat(admitted.statusCode()).isEqualTo(200);
    assertThat(admitted.headers().firstValue("X-Ingam-Subject")).contains("client:job");
    assertThat(server.gate("GET", "/prices/", token).statusCode()).isEqualTo(200);
    assertThat(server.gate("GET", "/orders/1", token).statusCode()).isEqualTo(401);
    assertThat(server.gate("POST", "/prices", token).statusCode()).isEqualTo(401);
    assertThat(server.gate("GET", "/prices/..", token).statusCode()).isEqualTo(400);
  }

  @Test
  void person_withASession_passesAndWithoutOneGetsNothing() throws Exception {
    var session = logIn("alice");
    var answer = server.token(ListenerName.INTERNAL, exchange("alice", session));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    var token = TestServer.text(answer, "access_token");
    var admitted = server.gate("GET", "/orders/1", token);
    assertThat(admitted.statusCode()).isEqualTo(200);
    assertThat(admitted.headers().firstValue("X-Ingam-Subject")).contains("alice");
    assertThat(admitted.headers().firstValue("X-Ingam-Client")).contains("shop-app");
    var thief = server.token(ListenerName.INTERNAL, exchange("alice", "A".repeat(22)));
    assertThat(thief.statusCode()).isEqualTo(400);
    assertThat(TestServer.text(thief, "error")).isEqualTo("invalid_grant");
    assertThat(event("/events/logout", "{\"session\":\"" + session + "\"}").statusCode())
        .isEqualTo(204);
    assertThat(server.token(ListenerName.INTERNAL, exchange("alice", session)).statusCode())
        .isEqualTo(400);
  }

  @Test
  void grants_areServedOnTheirListenerOnly() throws Exception {
    var credentials = TestServer.credentials("job", job, "shop");
    var inside = server.token(ListenerName.INTERNAL, credentials);
    assertThat(TestServer.text(inside, "error")).isEqualTo("unauthorized_client");
    var outside = server.token(ListenerName.PUBLIC, exchange("alice", "A".repeat(22)));
    assertThat(TestServer.text(outside, "error")).isEqualTo("unauthorized_client");
    var unknown = server.token(ListenerName.PUBLIC, Map.of("grant_type", "password"));
    assertThat(TestServer.text(unknown, "error")).isEqualTo("unsupported_grant_type");
  }

  @Test
  void singleUse_secondTime_isRefusedEverywhere() {
    var secret = server.client("once", ClientRight.CLIENT_CREDENTIALS, true, Set.of("orders:read"));
    var token = server.clientToken("once", secret);
    assertThat(server.gate("GET", "/prices", token).statusCode()).isEqualTo(200);
    var again = server.gate("GET", "/prices", token);
    assertThat(again.statusCode()).isEqualTo(401);
    assertThat(again.headers().firstValue("X-Ingam-Reason")).contains("already_redeemed");
    try (var verifier = new RemoteVerifier()) {
      assertThat(verifier.ask(token)).isEqualTo(Reason.ALREADY_REDEEMED);
    }
  }

  @Test
  void verifier_inAnotherService_acceptsOverTheLedgersDoor() {
    try (var verifier = new RemoteVerifier()) {
      assertThat(verifier.ask(server.clientToken("job", job))).isNull();
      assertThat(verifier.ask(server.clientToken("job", job) + "A")).isNotNull();
    }
  }

  /// A verifier as it stands in another service: HTTP only.
  private static final class RemoteVerifier implements AutoCloseable {
    private static String secret;
    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpLedgerClient ledger;
    private final Verifier verifier;

    RemoteVerifier() {
      if (secret == null) {
        secret = server.client("verifier", ClientRight.LEDGER, false, Set.of());
      }
      var internal = server.url(ListenerName.INTERNAL);
      var bearer =
          new CallerToken(
              URI.create(issuer() + "/oauth2/token"),
              ClientCredential.secret("verifier", secret),
              "ingam:ledger",
              http,
              Clock.systemUTC());
      ledger = new HttpLedgerClient(URI.create(internal), bearer, http, new SecureRandom());
      var keys =
          new CachedKeySource(URI.create(internal + "/keys"), bearer, http, Clock.systemUTC());
      verifier = Verifier.builder(keys, ledger, Clock.systemUTC()).build();
    }

    Reason ask(String token) {
      var verdict = verifier.verify(token, new Expectation(issuer(), "shop", false, true));
      return verdict instanceof Verdict.Refused refused ? refused.reason() : null;
    }

    @Override
    public void close() {
      ledger.close();
      http.close();
    }
  }

  @Test
  void internalDoors_withoutACallerToken_areClosed() {
    var token = server.clientToken("job", job);
    for (var path :
        List.of("/ledger/lookup", "/ledger/redeem", "/ledger/report", "/events/login")) {
      var request =
          server
              .request(ListenerName.INTERNAL, path)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{\"items\":[]}"));
      assertThat(server.send(request).statusCode()).as(path).isEqualTo(401);
      request.header("Authorization", "Bearer " + token);
      assertThat(server.send(request).statusCode()).as(path).isEqualTo(401);
    }
    assertThat(server.send(server.request(ListenerName.INTERNAL, "/keys")).statusCode())
        .isEqualTo(401);
  }

  @Test
  void metadataAndKeys_arePublicAndCacheable() {
    var metadata =
        server.send(server.request(ListenerName.PUBLIC, "/.well-known/oauth-authorization-server"));
    assertThat(TestServer.text(metadata, "issuer")).isEqualTo(issuer());
    var keys = server.send(server.request(ListenerName.PUBLIC, "/oauth2/jwks"));
    assertThat(keys.headers().firstValue("Cache-Control")).contains("max-age=300, must-revalidate");
    assertThat(keys.body())
        .contains("\"kty\":\"EC\"")
        .doesNotContain("\"d\":")
        .doesNotContain("ingam_");
  }

  /// By the key of statements, which the document holds; each key of the set has one.
  @Test
  void birthCertificates_arePublicAndSigned() throws Exception {
    var door = server.request(ListenerName.PUBLIC, "/oauth2/births");
    var answer =
        Until.get(
            "the first certificates",
            Duration.ofSeconds(30),
            () -> server.send(door),
            it -> it.body().contains("\"births\":[\"ey"));
    var keys = JWKSet.parse(answer.body());
    var births = JSONObjectUtils.parse(answer.body()).get("births");
    var certified = new HashSet<String>();
    for (var text : (List<?>) births) {
      var jws = JWSObject.parse((String) text);
      var key = keys.getKeyByKeyId(jws.getHeader().getKeyID()).toECKey();
      assertThat(jws.verify(new ECDSAVerifier(key))).isTrue();
      certified.add((String) jws.getPayload().toJSONObject().get("sub"));
      assertThat(jws.getPayload().toJSONObject()).containsEntry("iss", issuer());
    }
    var set = server.send(server.request(ListenerName.PUBLIC, "/oauth2/jwks"));
    assertThat(certified)
        .containsAll(JWKSet.parse(set.body()).getKeys().stream().map(JWK::getKeyID).toList());
    var tag = answer.headers().firstValue("ETag").orElseThrow();
    var again = server.request(ListenerName.PUBLIC, "/oauth2/births").header("If-None-Match", tag);
    assertThat(server.send(again).statusCode()).isEqualTo(304);
  }

  @Test
  void everyMappedPath_isServedOnItsListenersOnly() throws IOException {
    var credential =
        Files.readString(server.bean(Installation.class).secretsDir().resolve("root-credential"))
            .strip();
    var openApi =
        server.send(
            server
                .request(ListenerName.ADMIN, "/v3/api-docs")
                .header("Authorization", "Bearer " + credential));
    assertThat(openApi.statusCode()).isEqualTo(200);
    var mapped = new ArrayList<String>();
    new JsonMapper().readTree(openApi.body()).get("paths").propertyNames().forEach(mapped::add);
    assertThat(mapped).hasSizeGreaterThan(10).contains("/admin/status");
    mapped.add("/v3/api-docs");
    for (var path : mapped) {
      var concrete = path.replaceAll("\\{[^}]*}", "x");
      for (var listener : List.of(ListenerName.PUBLIC, ListenerName.INTERNAL)) {
        var request =
            server.request(listener, concrete).header("Authorization", "Bearer " + credential);
        assertThat(server.send(request).statusCode()).as(listener + concrete).isEqualTo(404);
      }
    }
    var doors = server.bean(DoorTable.class);
    for (var listener : List.of(ListenerName.PUBLIC, ListenerName.INTERNAL)) {
      for (var path : doors.paths(listener)) {
        for (var other : ListenerName.values()) {
          var status = server.send(server.request(other, path)).statusCode();
          if (other == ListenerName.ADMIN) {
            assertThat(status).as(path).isEqualTo(401);
          } else {
            assertThat(status == 404)
                .as(other + path)
                .isEqualTo(!doors.paths(other).contains(path));
          }
        }
      }
    }
  }

  @Test
  void database_ofTheRunningServer_isDurableAndClosedToOthers() throws SQLException {
    var access = server.bean(Database.class).access();
    var login = access.server();
    try (var connection =
            DriverManager.getConnection(access.url(), login.role(), login.password().value());
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT current_setting('fsync') || current_setting('synchronous_commit')"
                    + " || current_setting('full_page_writes'), (SELECT count(*) FROM pg_class c"
                    + " JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = current_user)")) {
      rows.next();
      assertThat(rows.getString(1)).isEqualTo("ononon");
      assertThat(rows.getLong(2)).isZero();
    }
  }

  @Test
  void ports_areWrittenForOthers() throws IOException {
    var ports = Files.readString(home.resolve("data/run/ports.json"));
    assertThat(ports)
        .contains("\"public\":" + URI.create(issuer()).getPort())
        .contains("\"pid\":" + ProcessHandle.current().pid());
  }
}
