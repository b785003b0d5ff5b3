package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.server.door.ListenerName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The admin API of a whole server, over HTTP. docs/spec/admin-api.md says what is expected.
class AdminApiTest {
  @TempDir static Path folder;
  private static AdminServer server;

  @BeforeAll
  static void start() throws IOException {
    server = AdminServer.start(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void status_freshServer() {
    var status = server.get("/admin/status");
    assertThat(status.status()).isEqualTo(200);
    assertThat(status.body().path("installation").asString()).matches("[0-9a-f]{32}");
    var active = new HashMap<String, String>();
    for (var key : status.body().path("keys")) {
      active.put(key.path("set").asString(), key.path("reserve_kid").asString(""));
    }
    assertThat(active).containsOnlyKeys("access", "statement").containsEntry("statement", "");
    assertThat(active.get("access")).isNotEmpty();
    assertThat(status.body().path("problems")).isEmpty();
    assertThat(status.body().path("state").asString()).isEqualTo("ok");
  }

  @Test
  void keys_dryRunsChangeNothing() {
    var before = server.get("/admin/keys").body();
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
      var answer = server.post(path, body);
      assertThat(answer.status()).as(answer.description()).isBetween(200, 201);
      assertThat(answer.body().path("dry_run").asBoolean()).isTrue();
      assertThat(answer.body().path("effects")).isNotEmpty();
    }
    assertThat(withoutCounts(server.get("/admin/keys").body())).isEqualTo(withoutCounts(before));
  }

  @Test
  void keys_rotateTooEarly_isAConflictInBothRuns() {
    server.post("/admin/key-sets/access/prepare", "{}");
    for (var dryRun : List.of(true, false)) {
      var answer = server.post("/admin/key-sets/access/rotate", "{\"dry_run\":" + dryRun + "}");
      assertThat(answer.status()).isEqualTo(409);
      assertThat(answer.description()).contains("rotate now");
    }
  }

  @Test
  void keys_rotateNow_thenTaintAndRevokeTheOldOne() {
    var old = activeKid();
    var rotated = server.post("/admin/key-sets/access/rotate", "{\"now\":true}");
    assertThat(rotated.status()).as(rotated.description()).isEqualTo(200);
    assertThat(activeKid())
        .isEqualTo(rotated.body().path("key").path("kid").asString())
        .isNotEqualTo(old);
    assertThat(server.post("/admin/keys/" + old + "/revoke", "{\"why\":\"x\"}").status())
        .isEqualTo(409);
    var tainted = server.post("/admin/keys/" + old + "/taint", "{\"why\":\"left in a backup\"}");
    assertThat(tainted.body().path("key").path("state").asString()).isEqualTo("tainted");
    var revoked = server.post("/admin/keys/" + old + "/revoke", "{\"why\":\"left in a backup\"}");
    assertThat(revoked.body().path("key").path("state").asString()).isEqualTo("revoked");
    assertThat(server.post("/admin/keys/" + old + "/activate", "{}").status()).isEqualTo(409);
  }

  @Test
  void keys_unknown() {
    assertThat(server.get("/admin/keys/none").status()).isEqualTo(404);
    assertThat(server.post("/admin/keys/none/taint", "{\"why\":\"x\"}").status()).isEqualTo(404);
    assertThat(server.post("/admin/key-sets/none/rotate", "{\"now\":true}").status())
        .isEqualTo(404);
  }

  /// New ones each time; keys and rows hold.
  @Test
  void masterKeys_rotate() throws IOException {
    var before = masterKeys();
    var trial = server.post("/admin/master-keys/rotate", "{\"dry_run\":true}");
    assertThat(trial.body().path("effects")).isNotEmpty();
    assertThat(trial.body().path("stores")).isEmpty();
    assertThat(masterKeys()).isEqualTo(before);
    var done = server.post("/admin/master-keys/rotate", "{}");
    assertThat(done.status()).as(done.description()).isEqualTo(200);
    assertThat(done.body().path("stores").valueStream().map(JsonNode::asString))
        .contains("sealing")
        .hasSize(before.size());
    assertThat(masterKeys()).hasSameSizeAs(before).doesNotContainAnyElementsOf(before);
    var rotated = server.post("/admin/key-sets/access/rotate", "{\"now\":true}");
    assertThat(rotated.status()).as(rotated.description()).isEqualTo(200);
  }

  private static List<String> masterKeys() throws IOException {
    var found = new ArrayList<String>();
    try (var files = Files.walk(folder.resolve("secrets"))) {
      for (var file : files.filter(each -> each.toString().endsWith(".master")).toList()) {
        found.add(Files.readString(file));
      }
    }
    return found;
  }

  @Test
  void clients_lifeOfOneWithASecret() {
    var made =
        server.post("/admin/clients", client("life", "client_secret", "[\"client_credentials\"]"));
    assertThat(made.status()).as(made.description()).isEqualTo(201);
    assertThat(made.body().path("secret").asString()).matches("ingam_[A-Za-z0-9_-]{43}");
    assertThat(
            server
                .post("/admin/clients", client("life", "client_secret", "[\"client_credentials\"]"))
                .status())
        .isEqualTo(409);
    assertThat(server.get("/admin/clients").body().toString())
        .contains("\"life\"")
        .doesNotContain(made.body().path("secret").asString());

    var read = server.get("/admin/clients/life").body();
    assertThat(read.path("token_lifetime_seconds").asInt()).isEqualTo(300);
    var change =
        "{\"rights\":[\"client_credentials\"],\"audiences\":[\"https://b.example\"],\"version\":"
            + read.path("version")
            + "}";
    var changed = server.call("PUT", "/admin/clients/life", change);
    assertThat(changed.status()).as(changed.description()).isEqualTo(200);
    assertThat(changed.body().path("audiences").path(0).asString()).isEqualTo("https://b.example");
    assertThat(server.call("PUT", "/admin/clients/life", change).status()).isEqualTo(409);

    var secret = server.post("/admin/clients/life/secret", null);
    assertThat(secret.body().path("secret").asString())
        .isNotEqualTo(made.body().path("secret").asString());
    assertThat(
            server.call("DELETE", "/admin/clients/life", null).body().path("enabled").asBoolean())
        .isFalse();
    assertThat(server.get("/admin/clients/life").body().path("enabled").asBoolean()).isFalse();
  }

  @Test
  void secret_ofAClientWithAKey_isAConflict() {
    var jwk =
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k\",\"alg\":\"ES256\","
            + "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
            + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}";
    var made =
        server.post(
            "/admin/clients",
            "{\"id\":\"own\",\"authentication\":\"private_key_jwt\",\"rights\":[\"ledger\"],\"jwks\":{\"keys\":["
                + jwk
                + "]}}");
    assertThat(made.status()).as(made.description()).isEqualTo(201);
    assertThat(made.body().path("client").path("jwks").path("keys")).hasSize(1);
    assertThat(server.post("/admin/clients/own/secret", null).status()).isEqualTo(409);
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
  void clients_unfit(String body, String word) {
    var answer = server.post("/admin/clients", body);
    assertThat(answer.status()).as(answer.description()).isEqualTo(400);
    assertThat(answer.description()).contains(word);
    assertThat(server.get("/admin/clients/a").status()).isEqualTo(404);
  }

  @Test
  void routes_addListRemove() {
    var route =
        "{\"method\":\"GET\",\"path\":\"/orders/*\",\"audience\":\"https://a.example\",\"scopes\":[\"b\",\"a\"]}";
    var added = server.post("/admin/routes", route);
    assertThat(added.status()).as(added.description()).isEqualTo(201);
    assertThat(added.body().path("data").asString()).isEqualTo("personal");
    assertThat(added.body().path("scopes").path(0).asString()).isEqualTo("a");
    assertThat(server.post("/admin/routes", route).status()).isEqualTo(409);
    var id = added.body().path("id").asString();
    assertThat(server.get("/admin/routes").body().toString()).contains(id);
    assertThat(server.call("DELETE", "/admin/routes/" + id, null).status()).isEqualTo(204);
    assertThat(server.call("DELETE", "/admin/routes/" + id, null).status()).isEqualTo(404);
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
  void routes_unfit(String body) {
    var answer = server.post("/admin/routes", body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.description()).isNotEmpty();
  }

  @Test
  void audiences_setListDelete() {
    var policy = "{\"audience\":\"https://a.example/v1\",\"key_set\":\"access\"%s}";
    var set = server.call("PUT", "/admin/audiences", policy.formatted(""));
    assertThat(set.status()).as(set.description()).isEqualTo(200);
    assertThat(set.body().path("policy").path("key_set").asString()).isEqualTo("access");
    assertThat(set.body().path("policy").path("data").asString()).isEqualTo("personal");
    assertThat(set.body().path("policy").path("trust").asString()).isEqualTo("required");
    assertThat(server.call("PUT", "/admin/audiences", policy.formatted("")).status())
        .isEqualTo(409);
    var version = ",\"version\":" + set.body().path("policy").path("version").asInt();
    var again = server.call("PUT", "/admin/audiences", policy.formatted(version));
    assertThat(again.status()).as(again.description()).isEqualTo(200);
    assertThat(server.call("PUT", "/admin/audiences", policy.formatted(version)).status())
        .isEqualTo(409);
    var list = server.get("/admin/audiences").body();
    assertThat(list.path("audiences").path(0).path("audience").asString())
        .isEqualTo("https://a.example/v1");
    assertThat(list.path("in_doubt")).isEmpty();
    var one = "/admin/audiences?audience=https%3A%2F%2Fa.example%2Fv1";
    assertThat(server.call("DELETE", one, null).status()).isEqualTo(204);
    assertThat(server.call("DELETE", one, null).status()).isEqualTo(404);
    assertThat(server.call("DELETE", "/admin/audiences", null).status()).isEqualTo(400);
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
  void audiences_unfit(String body) {
    var answer = server.call("PUT", "/admin/audiences", body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.description()).isNotEmpty();
  }

  @Test
  void ledger_noSuchSerial() {
    assertThat(server.get("/admin/ledger/x").status()).isEqualTo(400);
    assertThat(server.get("/admin/ledger/AAAAAQAAAAIAAAAAAAAAAw").status()).isEqualTo(404);
  }

  @Test
  void token_issuedVerifiedAndShown() {
    var secret =
        server
            .post("/admin/clients", client("issuing", "client_secret", "[\"client_credentials\"]"))
            .body()
            .path("secret")
            .asString();
    var issued =
        server
            .server()
            .token(
                ListenerName.PUBLIC,
                TestServer.credentials("issuing", secret, "https://a.example"));
    var token = TestServer.text(issued, "access_token");

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
    var entry = server.get("/admin/ledger/" + jti).body();
    assertThat(entry.path("state").asString()).isEqualTo("entered");
    assertThat(entry.path("client").asString()).isEqualTo("issuing");
    assertThat(entry.path("intact").asBoolean()).isTrue();
  }

  @Test
  void verify_withoutAudience() {
    assertThat(server.post("/admin/tokens/verify", "{\"token\":\"x\"}").status()).isEqualTo(400);
  }

  @Test
  void events_ofBothSchemas_withoutGaps() {
    var keys = server.get("/admin/events?schema=keys&limit=1000").body();
    var numbers =
        StreamSupport.stream(keys.path("events").spliterator(), false)
            .map(each -> each.path("seq").asLong())
            .toList();
    assertThat(numbers).isNotEmpty().startsWith(1L);
    assertThat(numbers.getLast()).isEqualTo(numbers.size()).isEqualTo(keys.path("last").asLong());
    assertThat(
            server
                .get("/admin/events?schema=keys&after=" + keys.path("last") + "&limit=1")
                .status())
        .isEqualTo(200);
    assertThat(server.get("/admin/events?schema=issuance").status()).isEqualTo(200);
  }

  @Test
  void proofs_none() {
    assertThat(server.get("/admin/proofs").body().path("proofs")).isEmpty();
    assertThat(server.get("/admin/proofs/evidence").body().path("evidence")).isEmpty();
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

  private static JsonNode verify(String token, String audience) {
    var body = new JsonMapper().createObjectNode().put("token", token).put("audience", audience);
    return server.post("/admin/tokens/verify", body.toString()).body();
  }

  private static String activeKid() {
    return server.get("/admin/status").body().path("keys").path(0).path("kid").asString();
  }

  private static List<String> withoutCounts(JsonNode keys) {
    return StreamSupport.stream(keys.path("keys").spliterator(), false)
        .map(key -> key.path("kid").asString() + key.path("state").asString() + key.path("version"))
        .toList();
  }
}
