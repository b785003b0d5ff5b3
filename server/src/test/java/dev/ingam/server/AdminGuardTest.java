package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may call the admin API, what a request must be, and what the OpenAPI document says.
class AdminGuardTest {
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

  @ParameterizedTest
  @ValueSource(
      strings = {"/admin/status", "/admin/keys", "/v3/api-docs", "/nothing", "/", "/error"})
  void everyPath_withoutCredential(String path) {
    for (var header :
        List.of(
            "",
            "Bearer ",
            "Bearer x",
            "Basic " + server.credential(),
            "Bearer " + server.credential() + "x")) {
      var request = server.request(path);
      if (!header.isEmpty()) {
        request.header("Authorization", header);
      }
      var answer = server.send(request);
      assertThat(answer.status()).as(header).isEqualTo(401);
      assertThat(answer.error()).isEqualTo("unauthorized");
      assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
      assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
      assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
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
  void otherHost_isRefusedWithTheCredentialToo(String host) throws IOException {
    assertThat(answerTo(host)).startsWith("HTTP/1.1 421 ").contains("misdirected_request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST", "127.0.0.1", "127.0.0.2", "[::1]"})
  void loopbackHost_isServed(String host) throws IOException {
    assertThat(answerTo(host)).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void unknownPath_andOtherMethod() {
    assertThat(server.get("/admin/nothing").error()).isEqualTo("not_found");
    var answer = server.call("PATCH", "/admin/clients", "{}");
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
        "{\"why\":\" \"}|\"why\"",
        "{\"why\":\"a\\u0000b\"}|\"why\"",
        "{\"why\":\"a\\nb\"}|\"why\"",
        "{\"why\":\"\\ud800\"}|\"why\"",
        "{} {}|body"
      })
  void badBody_saysWhatIsWrong(String body, String word) {
    var answer = server.post("/admin/keys/" + activeKid() + "/taint", body);
    assertThat(answer.status()).as(answer.description()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo("invalid_request");
    assertThat(answer.description()).contains(word);
    assertThat(server.get("/admin/keys/" + activeKid()).body().path("state").asString())
        .isEqualTo("active");
  }

  @Test
  void body_tooLargeOrOfAnotherType() {
    var large = server.post("/admin/clients", "{\"id\":\"" + "x".repeat(70_000) + "\"}");
    assertThat(large.status()).isEqualTo(413);
    var form =
        server.send(
            server
                .authorized("/admin/clients")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}")));
    assertThat(form.status()).isEqualTo(415);
    assertThat(form.error()).isEqualTo("unsupported_media_type");
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
  void events_badQuery(String query) {
    var answer = server.get("/admin/events" + query);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo("invalid_request");
  }

  /// What a browser sends for a page of another site, or of another port of this machine.
  @ParameterizedTest
  @CsvSource({
    "Origin, https://evil.example",
    "Origin, http://127.0.0.1:1",
    "Origin, null",
    "Sec-Fetch-Site, cross-site",
    "Sec-Fetch-Site, same-site"
  })
  void requestOfAnotherSite_isRefusedWithTheCredentialToo(String name, String value)
      throws IOException {
    assertThat(
            server.raw("POST /admin/clients HTTP/1.1\r\nHost: localhost\r\n" + name + ": " + value))
        .startsWith("HTTP/1.1 403 ")
        .contains("cross_site")
        .doesNotContainIgnoringCase("Access-Control-");
  }

  @Test
  void requestOfOurOwnPage_isServed() throws IOException {
    assertThat(
            server.raw(
                "GET /admin/keys HTTP/1.1\r\nHost: localhost:5\r\nOrigin: http://localhost:5\r\n"
                    + "Sec-Fetch-Site: same-origin"))
        .startsWith("HTTP/1.1 200 ");
  }

  /// The question that a browser asks before it sends a header of its own for another site.
  @Test
  void preflight_isGrantedNothing() throws IOException {
    var answer =
        server.raw(
            "OPTIONS /admin/keys HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n"
                + "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization");
    assertThat(answer).startsWith("HTTP/1.1 403 ").doesNotContainIgnoringCase("Access-Control-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/admin/keys/a%2Fb", "/admin//keys", "/admin/keys/%2e%2e", "/a/%00"})
  void pathThatIsNotCanonical_isRefusedBeforeAnything(String path) throws IOException {
    assertThat(server.raw("GET " + path + " HTTP/1.1\r\nHost: localhost"))
        .startsWith("HTTP/1.1 400 ")
        .contains("canonical path")
        .contains("no-store")
        .contains("nosniff");
  }

  @Test
  void pathWithParameters() {
    assertThat(server.get("/admin/keys;a=b").status()).isEqualTo(400);
  }

  @Test
  void trace_showsNothingOfTheRequest() throws IOException {
    assertThat(server.raw("TRACE /admin/keys HTTP/1.1\r\nHost: localhost"))
        .startsWith("HTTP/1.1 405 ")
        .doesNotContain("TRACE /admin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "application/xml"})
  void otherTypeWanted(String type) {
    var answer = server.send(server.authorized("/admin/keys").header("Accept", type));
    assertThat(answer.status()).isEqualTo(406);
    assertThat(answer.error()).isEqualTo("not_acceptable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32", "UTF-8 with mark", "ISO-8859-1"})
  void bodyInAnotherEncoding(String encoding) {
    var json = "{\"why\":\"é\",\"dry_run\":true}";
    var bytes =
        encoding.startsWith("UTF-8")
            ? ("\ufeff" + json).getBytes(StandardCharsets.UTF_8)
            : json.getBytes(Charset.forName(encoding));
    var answer =
        server.send(
            server
                .authorized("/admin/keys/" + activeKid() + "/taint")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(bytes)));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.description()).contains("UTF-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin/keys?x=1",
        "/admin/events?schema=keys&limt=5",
        "/admin/events?schema=keys&after=0&after=5",
        "/admin/proofs/evidence?schema=keys"
      })
  void queryThatTheCallDoesNotHave(String path) {
    var answer = server.get(path);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.description()).contains("query");
  }

  @Test
  void openApi_namesEveryPathAndItsMembers() {
    var document = server.document();
    assertThat(document.paths())
        .containsExactlyInAnyOrder(
            "/admin/status",
            "/admin/keys",
            "/admin/keys/{kid}",
            "/admin/keys/{kid}/activate",
            "/admin/keys/{kid}/taint",
            "/admin/keys/{kid}/revoke",
            "/admin/key-sets/{set}/prepare",
            "/admin/key-sets/{set}/rotate",
            "/admin/master-keys/rotate",
            "/admin/clients",
            "/admin/clients/{id}",
            "/admin/clients/{id}/secret",
            "/admin/routes",
            "/admin/routes/{id}",
            "/admin/audiences",
            "/admin/backup",
            "/admin/watermarks",
            "/admin/sessions/end",
            "/admin/ledger/{serial}",
            "/admin/tokens/verify",
            "/admin/proofs",
            "/admin/proofs/evidence",
            "/admin/proofs/acknowledge",
            "/admin/proofs/{kid}/acknowledge",
            "/admin/events");
    assertThat(document.json().toString())
        .contains("token_lifetime_seconds")
        .doesNotContain("tokenLifetimeSeconds");
  }

  /// Two records of one name would share a schema, and one of the calls be described wrongly.
  @Test
  void openApi_givesEachSchemaAndOperationANameOfItsOwn() {
    var schemas = server.document().json().path("components").path("schemas");
    assertThat(schemas.path("Client").path("required").toString()).contains("enabled");
    assertThat(schemas.path("Route").path("properties").has("clients")).isTrue();
    assertThat(schemas.path("Event").path("properties").has("seq")).isTrue();
    assertThat(schemas.path("NewClient").path("required").toString())
        .isEqualTo("[\"authentication\",\"id\"]");
    var ids = server.document().json().findValuesAsString("operationId");
    assertThat(ids).hasSizeGreaterThan(18).doesNotHaveDuplicates().allMatch(id -> id.contains("_"));
  }

  @Test
  void openApi_describesErrorsByOneSchema() {
    for (var path : server.document().json().path("paths")) {
      for (var operation : path) {
        for (var status : List.of("400", "401", "403", "421", "500", "503")) {
          assertThat(operation.path("responses").path(status).path("$ref").asString())
              .startsWith("#/components/responses/");
        }
      }
    }
  }

  private static String activeKid() {
    return server.get("/admin/status").body().path("keys").path(0).path("kid").asString();
  }

  private static String answerTo(String host) throws IOException {
    return server.raw("GET /admin/keys HTTP/1.1\r\nHost: " + host + ":1");
  }
}
