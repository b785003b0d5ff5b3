package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.server.door.ListenerName;
import dev.ingam.server.door.Listeners;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The admin API of a whole server, over HTTP. docs/spec/admin-api.md says what is expected.
class AdminApiTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir static Path folder;
  private static ConfigurableApplicationContext server;
  private static String credential;
  private static int port;

  @BeforeAll
  static void start() throws IOException {
    server =
        ServerMain.start(
            Map.of(
                "ingam.data-dir", folder.resolve("data").toString(),
                "ingam.secrets-dir", folder.resolve("secrets").toString(),
                "ingam.public.port", "0",
                "ingam.internal.port", "0",
                "ingam.admin.port", "0"),
            null);
    port = server.getBean(Listeners.class).port(ListenerName.ADMIN);
    try (var installations = Files.list(folder.resolve("secrets"))) {
      var secrets = installations.findFirst().orElseThrow();
      credential = Files.readString(secrets.resolve("root-credential")).strip();
    }
  }

  @AfterAll
  static void stop() {
    server.close();
    CLIENT.close();
  }

  private record Answer(int status, JsonNode body, HttpResponse<String> response) {
    String error() {
      return body.path("error").asString("");
    }

    String description() {
      return body.path("error_description").asString("");
    }
  }

  @Test
  void status_freshServer() throws Exception {
    var status = get("/admin/status");
    assertThat(status.status()).isEqualTo(200);
    assertThat(status.body().path("installation").asString()).matches("[0-9a-f]{32}");
    var keys = status.body().path("keys");
    assertThat(keys.size()).isEqualTo(1);
    assertThat(keys.path(0).path("set").asString()).isEqualTo("access");
    assertThat(keys.path(0).path("reserve_kid").asString("")).isNotEmpty();
    assertThat(status.body().path("problems")).isEmpty();
    assertThat(status.body().path("state").asString()).isEqualTo("ok");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/admin/status", "/admin/keys", "/v3/api-docs", "/nothing", "/", "/error"})
  void everyPath_withoutCredential(String path) throws Exception {
    for (var header :
        List.of("", "Bearer ", "Bearer x", "Basic " + credential, "Bearer " + credential + "x")) {
      var request = HttpRequest.newBuilder(uri(path));
      if (!header.isEmpty()) {
        request.header("Authorization", header);
      }
      var answer = send(request);
      assertThat(answer.status()).as(header).isEqualTo(401);
      assertThat(answer.error()).isEqualTo("unauthorized");
      assertThat(answer.response().headers().firstValue("WWW-Authenticate")).contains("Bearer");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "10.0.0.1",
        "0.0.0.0"
      })
  void otherHost_isRefusedWithTheCredentialToo(String host) throws Exception {
    assertThat(raw(host)).startsWith("HTTP/1.1 421 ").contains("misdirected_request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST", "127.0.0.1", "127.0.0.2", "[::1]"})
  void loopbackHost_isServed(String host) throws Exception {
    assertThat(raw(host)).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void unknownPath_andOtherMethod() throws Exception {
    assertThat(get("/admin/nothing").error()).isEqualTo("not_found");
    var answer = call("PATCH", "/admin/clients", "{}");
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.error()).isEqualTo("method_not_allowed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|body",
        "[]|body",
        "null|body",
        "{|breaks",
        "{\"why\":\"a\",\"why\":\"b\"}|breaks",
        "{\"why\":\"a\"} x|breaks",
        "{\"reason\":\"a\"}|\"reason\"",
        "{\"why\":1}|\"why\"",
        "{\"why\":\"a\",\"dry_run\":\"true\"}|\"dry_run\"",
        "{\"why\":\"a\",\"dry_run\":1}|\"dry_run\"",
        "{}|\"why\"",
        "{\"why\":\" \"}|\"why\""
      })
  void badBody_saysWhatIsWrong(String body, String word) throws Exception {
    var answer = post("/admin/keys/" + activeKid() + "/taint", body);
    assertThat(answer.status()).as(answer.description()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo("invalid_request");
    assertThat(answer.description()).contains(word);
    assertThat(get("/admin/keys/" + activeKid()).body().path("state").asString())
        .isEqualTo("active");
  }

  @Test
  void body_tooLargeOrOfAnotherType() throws Exception {
    var large = post("/admin/clients", "{\"id\":\"" + "x".repeat(70_000) + "\"}");
    assertThat(large.status()).isEqualTo(413);
    var form =
        send(
            authorized("/admin/clients")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}")));
    assertThat(form.status()).isEqualTo(415);
    assertThat(form.error()).isEqualTo("unsupported_media_type");
  }

  @Test
  void keys_dryRunsChangeNothing() throws Exception {
    var before = get("/admin/keys").body();
    var kid = activeKid();
    for (var path :
        List.of(
            "/admin/keys/" + kid + "/taint",
            "/admin/key-sets/access/prepare",
            "/admin/key-sets/access/rotate")) {
      var body =
          path.endsWith("taint")
              ? "{\"why\":\"x\",\"dry_run\":true}"
              : path.endsWith("rotate") ? "{\"now\":true,\"dry_run\":true}" : "{\"dry_run\":true}";
      var answer = post(path, body);
      assertThat(answer.status()).as(answer.description()).isBetween(200, 201);
      assertThat(answer.body().path("dry_run").asBoolean()).isTrue();
      assertThat(answer.body().path("effects")).isNotEmpty();
    }
    assertThat(withoutCounts(get("/admin/keys").body())).isEqualTo(withoutCounts(before));
  }

  @Test
  void keys_rotateTooEarly_isAConflictInBothRuns() throws Exception {
    post("/admin/key-sets/access/prepare", "{}");
    for (var dryRun : List.of(true, false)) {
      var answer = post("/admin/key-sets/access/rotate", "{\"dry_run\":" + dryRun + "}");
      assertThat(answer.status()).isEqualTo(409);
      assertThat(answer.description()).contains("rotate now");
    }
  }

  @Test
  void keys_rotateNow_thenTaintAndRevokeTheOldOne() throws Exception {
    var old = activeKid();
    var rotated = post("/admin/key-sets/access/rotate", "{\"now\":true}");
    assertThat(rotated.status()).as(rotated.description()).isEqualTo(200);
    assertThat(activeKid())
        .isEqualTo(rotated.body().path("key").path("kid").asString())
        .isNotEqualTo(old);
    assertThat(post("/admin/keys/" + old + "/revoke", "{\"why\":\"x\"}").status()).isEqualTo(409);
    var tainted = post("/admin/keys/" + old + "/taint", "{\"why\":\"left in a backup\"}");
    assertThat(tainted.body().path("key").path("state").asString()).isEqualTo("tainted");
    var revoked = post("/admin/keys/" + old + "/revoke", "{\"why\":\"left in a backup\"}");
    assertThat(revoked.body().path("key").path("state").asString()).isEqualTo("revoked");
    assertThat(post("/admin/keys/" + old + "/activate", "{}").status()).isEqualTo(409);
  }

  @Test
  void keys_unknown() throws Exception {
    assertThat(get("/admin/keys/none").status()).isEqualTo(404);
    assertThat(post("/admin/keys/none/taint", "{\"why\":\"x\"}").status()).isEqualTo(404);
    assertThat(post("/admin/key-sets/none/rotate", "{\"now\":true}").status()).isEqualTo(404);
  }

  @Test
  void clients_lifeOfOneWithASecret() throws Exception {
    var made = post("/admin/clients", client("life", "client_secret", "[\"client_credentials\"]"));
    assertThat(made.status()).as(made.description()).isEqualTo(201);
    assertThat(made.body().path("secret").asString()).matches("ingam_[A-Za-z0-9_-]{43}");
    assertThat(
            post("/admin/clients", client("life", "client_secret", "[\"client_credentials\"]"))
                .status())
        .isEqualTo(409);
    assertThat(get("/admin/clients").body().toString())
        .contains("\"life\"")
        .doesNotContain(made.body().path("secret").asString());

    var read = get("/admin/clients/life").body();
    assertThat(read.path("token_lifetime_seconds").asInt()).isEqualTo(300);
    var change =
        "{\"rights\":[\"client_credentials\"],\"audiences\":[\"https://b.example\"],\"version\":"
            + read.path("version")
            + "}";
    var changed = call("PUT", "/admin/clients/life", change);
    assertThat(changed.status()).as(changed.description()).isEqualTo(200);
    assertThat(changed.body().path("audiences").path(0).asString()).isEqualTo("https://b.example");
    assertThat(call("PUT", "/admin/clients/life", change).status()).isEqualTo(409);

    var secret = post("/admin/clients/life/secret", null);
    assertThat(secret.body().path("secret").asString())
        .isNotEqualTo(made.body().path("secret").asString());
    assertThat(call("DELETE", "/admin/clients/life", null).body().path("enabled").asBoolean())
        .isFalse();
    assertThat(get("/admin/clients/life").body().path("enabled").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"id\":\"a\"}|authentication",
        "{\"id\":\"UPPER\",\"authentication\":\"client_secret\",\"rights\":[\"ledger\"]}|id",
        "{\"id\":\"a\",\"authentication\":\"none\"}|authentication",
        "{\"id\":\"a\",\"authentication\":\"client_secret\",\"rights\":[\"root\"]}|rights",
        "{\"id\":\"a\",\"authentication\":\"client_secret\",\"rights\":[\"ledger\",\"ledger\"]}|once",
        "{\"id\":\"a\",\"authentication\":\"client_secret\",\"rights\":[null]}|once",
        "{\"id\":\"a\",\"authentication\":\"client_secret\",\"rights\":[\"token_exchange\"],\"audiences\":[\"x\"]}|private_key_jwt",
        "{\"id\":\"a\",\"authentication\":\"client_secret\",\"rights\":[\"ledger\"],\"token_lifetime_seconds\":901}|token_lifetime",
        "{\"id\":\"a\",\"authentication\":\"client_secret\",\"rights\":[\"ledger\"],\"token_lifetime_seconds\":1e2}|token_lifetime_seconds",
        "{\"id\":\"a\",\"authentication\":\"client_secret\",\"rights\":[\"ledger\"],\"jwks\":{}}|jwks",
        "{\"id\":\"a\",\"authentication\":\"private_key_jwt\",\"rights\":[\"ledger\"]}|jwks",
        "{\"id\":\"a\",\"authentication\":\"private_key_jwt\",\"rights\":[\"ledger\"],\"jwks\":{\"keys\":[]}}|jwks",
        "{\"id\":\"a\",\"authentication\":\"private_key_jwt\",\"rights\":[\"ledger\"],\"jwks\":{\"keys\":[{\"kty\":\"oct\",\"k\":\"AA\"}]}}|jwks",
        "{\"id\":\"a\",\"authentication\":\"private_key_jwt\",\"rights\":[\"ledger\"],\"jwks\":{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-521\",\"kid\":\"k\"}]}}|jwks"
      })
  void clients_unfit(String body, String word) throws Exception {
    var answer = post("/admin/clients", body);
    assertThat(answer.status()).as(answer.description()).isEqualTo(400);
    assertThat(answer.description()).contains(word);
    assertThat(get("/admin/clients/a").status()).isEqualTo(404);
  }

  @Test
  void routes_addListRemove() throws Exception {
    var route =
        "{\"method\":\"GET\",\"path\":\"/orders/*\",\"audience\":\"https://a.example\",\"scopes\":[\"b\",\"a\"]}";
    var added = post("/admin/routes", route);
    assertThat(added.status()).as(added.description()).isEqualTo(201);
    assertThat(added.body().path("data").asString()).isEqualTo("personal");
    assertThat(added.body().path("scopes").path(0).asString()).isEqualTo("a");
    assertThat(post("/admin/routes", route).status()).isEqualTo(409);
    var id = added.body().path("id").asString();
    assertThat(get("/admin/routes").body().toString()).contains(id);
    assertThat(call("DELETE", "/admin/routes/" + id, null).status()).isEqualTo(204);
    assertThat(call("DELETE", "/admin/routes/" + id, null).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"method\":\"get\",\"path\":\"/a\",\"audience\":\"x\"}",
        "{\"method\":\"GET\",\"path\":\"/a/../b\",\"audience\":\"x\"}",
        "{\"method\":\"GET\",\"path\":\"a\",\"audience\":\"x\"}",
        "{\"method\":\"GET\",\"path\":\"/a\",\"audience\":\"\"}",
        "{\"method\":\"GET\",\"path\":\"/a\",\"audience\":\"x\",\"data\":\"public\"}"
      })
  void routes_unfit(String body) throws Exception {
    var answer = post("/admin/routes", body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.description()).isNotEmpty();
  }

  @Test
  void audiences_setListDelete() throws Exception {
    var policy = "{\"audience\":\"https://a.example/v1\",\"key_set\":\"access\"%s}";
    var set = call("PUT", "/admin/audiences", policy.formatted(""));
    assertThat(set.status()).as(set.description()).isEqualTo(200);
    assertThat(set.body().path("key_set").asString()).isEqualTo("access");
    assertThat(call("PUT", "/admin/audiences", policy.formatted("")).status()).isEqualTo(409);
    var version = ",\"version\":" + set.body().path("version").asInt();
    var again = call("PUT", "/admin/audiences", policy.formatted(version));
    assertThat(again.status()).as(again.description()).isEqualTo(200);
    assertThat(call("PUT", "/admin/audiences", policy.formatted(version)).status()).isEqualTo(409);
    var list = get("/admin/audiences").body();
    assertThat(list.path("audiences").path(0).path("audience").asString())
        .isEqualTo("https://a.example/v1");
    assertThat(list.path("in_doubt")).isEmpty();
    var one = "/admin/audiences?audience=https%3A%2F%2Fa.example%2Fv1";
    assertThat(call("DELETE", one, null).status()).isEqualTo(204);
    assertThat(call("DELETE", one, null).status()).isEqualTo(404);
    assertThat(call("DELETE", "/admin/audiences", null).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"audience\":\"https://a.example\"}",
        "{\"key_set\":\"access\"}",
        "{\"audience\":\"https://a.example\",\"key_set\":\"legacy\"}",
        "{\"audience\":\"https://a.example\",\"key_set\":\"Access\"}",
        "{\"audience\":\"\",\"key_set\":\"access\"}",
        "{\"audience\":\"urn:ingam:internal\",\"key_set\":\"access\"}",
        "{\"audience\":\"a\",\"key_set\":\"access\",\"version\":\"x\"}",
        "{\"audience\":\"a\",\"key_set\":\"access\",\"alg\":\"RS256\"}"
      })
  void audiences_unfit(String body) throws Exception {
    var answer = call("PUT", "/admin/audiences", body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.description()).isNotEmpty();
  }

  @Test
  void ledger_noSuchSerial() throws Exception {
    assertThat(get("/admin/ledger/x").status()).isEqualTo(400);
    assertThat(get("/admin/ledger/AAAAAQAAAAIAAAAAAAAAAw").status()).isEqualTo(404);
  }

  @Test
  void token_issuedVerifiedAndShown() throws Exception {
    var secret =
        post("/admin/clients", client("issuing", "client_secret", "[\"client_credentials\"]"))
            .body()
            .path("secret")
            .asString();
    var form =
        "grant_type=client_credentials&client_id=issuing&client_secret="
            + secret
            + "&audience=https://a.example";
    var publicPort = server.getBean(Listeners.class).port(ListenerName.PUBLIC);
    var issued =
        send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + publicPort + "/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    var token = issued.body().path("access_token").asString();
    assertThat(token).as(issued.description()).isNotEmpty();

    for (int i = 0; i < 2; i++) {
      var verdict = verify(token, "https://a.example");
      assertThat(verdict.path("verdict").asString()).isEqualTo("accepted");
      assertThat(verdict.path("token").path("sub").asString()).isEqualTo("client:issuing");
    }
    assertThat(verify(token, "https://other.example").path("reason").asString())
        .isEqualTo("wrong_audience");
    assertThat(verify("no token", "https://a.example").path("reason").asString())
        .isEqualTo("malformed");
    assertThat(
            verify(token.substring(0, token.length() - 4) + "AAAA", "https://a.example")
                .path("reason")
                .asString())
        .isEqualTo("bad_signature");

    var jti = verify(token, "https://a.example").path("token").path("jti").asString();
    var entry = get("/admin/ledger/" + jti).body();
    assertThat(entry.path("state").asString()).isEqualTo("entered");
    assertThat(entry.path("client").asString()).isEqualTo("issuing");
    assertThat(entry.path("intact").asBoolean()).isTrue();
  }

  @Test
  void verify_withoutAudience() throws Exception {
    assertThat(post("/admin/tokens/verify", "{\"token\":\"x\"}").status()).isEqualTo(400);
  }

  @Test
  void events_ofBothSchemas_withoutGaps() throws Exception {
    var keys = get("/admin/events?schema=keys&limit=1000").body();
    var numbers =
        StreamSupport.stream(keys.path("events").spliterator(), false)
            .map(each -> each.path("seq").asLong())
            .toList();
    assertThat(numbers).isNotEmpty().startsWith(1L);
    assertThat(numbers.getLast()).isEqualTo(numbers.size()).isEqualTo(keys.path("last").asLong());
    assertThat(get("/admin/events?schema=keys&after=" + keys.path("last") + "&limit=1").status())
        .isEqualTo(200);
    assertThat(get("/admin/events?schema=issuance").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "?schema=none",
        "?schema=keys&limit=0",
        "?schema=keys&limit=1001",
        "?schema=keys&after=-1",
        "?schema=keys&after=x"
      })
  void events_badQuery(String query) throws Exception {
    var answer = get("/admin/events" + query);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo("invalid_request");
  }

  @Test
  void proofs_none() throws Exception {
    assertThat(get("/admin/proofs").body().path("proofs")).isEmpty();
    assertThat(get("/admin/proofs/evidence").body().path("evidence")).isEmpty();
  }

  @Test
  void openApi_namesEveryPathAndItsMembers() throws Exception {
    var document = get("/v3/api-docs").body();
    assertThat(document.path("paths").propertyNames())
        .containsExactlyInAnyOrder(
            "/admin/status",
            "/admin/watermarks",
            "/admin/sessions/end",
            "/admin/keys",
            "/admin/keys/{kid}",
            "/admin/keys/{kid}/activate",
            "/admin/keys/{kid}/taint",
            "/admin/keys/{kid}/revoke",
            "/admin/key-sets/{set}/prepare",
            "/admin/key-sets/{set}/rotate",
            "/admin/clients",
            "/admin/clients/{id}",
            "/admin/clients/{id}/secret",
            "/admin/routes",
            "/admin/routes/{id}",
            "/admin/audiences",
            "/admin/ledger/{serial}",
            "/admin/tokens/verify",
            "/admin/proofs",
            "/admin/proofs/evidence",
            "/admin/events");
    assertThat(document.toString())
        .contains("token_lifetime_seconds")
        .doesNotContain("tokenLifetimeSeconds");
  }

  private static String client(String id, String authentication, String rights) {
    return "{\"id\":\""
        + id
        + "\",\"authentication\":\""
        + authentication
        + "\",\"rights\":"
        + rights
        + ",\"audiences\":[\"https://a.example\"]}";
  }

  private static JsonNode verify(String token, String audience) throws Exception {
    var body = JSON.createObjectNode().put("token", token).put("audience", audience);
    return post("/admin/tokens/verify", body.toString()).body();
  }

  private static String activeKid() throws Exception {
    return get("/admin/status").body().path("keys").path(0).path("kid").asString();
  }

  private static List<String> withoutCounts(JsonNode keys) {
    return StreamSupport.stream(keys.path("keys").spliterator(), false)
        .map(key -> key.path("kid").asString() + key.path("state").asString() + key.path("version"))
        .toList();
  }

  private static Answer get(String path) throws Exception {
    return call("GET", path, null);
  }

  private static Answer post(String path, String body) throws Exception {
    return call("POST", path, body);
  }

  private static Answer call(String method, String path, String body) throws Exception {
    var request = authorized(path);
    if (body == null) {
      return send(request.method(method, BodyPublishers.noBody()));
    }
    return send(
        request
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body)));
  }

  private static HttpRequest.Builder authorized(String path) {
    return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + credential);
  }

  private static URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static Answer send(HttpRequest.Builder request) throws Exception {
    var response = CLIENT.send(request.build(), BodyHandlers.ofString());
    var body = response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
    return new Answer(response.statusCode(), body, response);
  }

  /// With a Host that the client of the JDK does not send.
  private static String raw(String host) throws IOException {
    try (var socket = new Socket("127.0.0.1", port)) {
      var request =
          "GET /admin/keys HTTP/1.1\r\nHost: "
              + host
              + ":"
              + port
              + "\r\nAuthorization: Bearer "
              + credential
              + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
