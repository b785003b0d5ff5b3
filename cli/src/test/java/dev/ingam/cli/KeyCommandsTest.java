package dev.ingam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyCommandsTest {
  private static final String ACTIVE =
      """
      {"kid":"aaaa1111","set":"access","purpose":"access-token","algorithm":"ES256","domain":"domain-1","state":"active",
       "reserve":false,"signs_until":"2026-11-24T01:00:00Z","signatures":1204,"store":"file","version":2}\
      """;
  private static final String RESERVE =
      """
      {"kid":"aaaa2222","set":"access","purpose":"access-token","algorithm":"ES256","domain":"domain-2","state":"prepared",
       "reserve":true,"signatures":0,
       "store":"pkcs11","device":"SoftHSM v2, token two","extractable":false,"counted_by":"process",
       "birth_certificate":"e30.e30.AA","version":1}\
      """;
  private static final String KEYS = "{\"keys\":[" + ACTIVE + "," + RESERVE + "]}";
  private static final String DRY =
      "{\"dry_run\":true,\"effects\":[\"It signs no more.\",\"1204 tokens stay good.\"],\"key\":"
          + ACTIVE
          + "}";
  private static final String DONE =
      "{\"dry_run\":false,\"effects\":[\"It signs no more.\"],\"key\":"
          + ACTIVE.replace("active", "tainted")
          + "}";

  @TempDir Path folder;
  private StubServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = new StubServer(folder);
    server.answers("GET /admin/keys", 200, KEYS);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void list_asTable() {
    var result = Shell.on(server).run("keys", "list");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .isEqualTo(
            """
            KID       SET     ALGORITHM  STATE     RESERVE  DOMAIN    STORE   SIGNS UNTIL                                SIGNATURES
            aaaa1111  access  ES256      active    no       domain-1  file    2026-11-24 01:00:00 UTC (11-24 10:00 KST)  1204
            aaaa2222  access  ES256      prepared  yes      domain-2  pkcs11                                             0
            """);
    assertThat(result.err()).isEmpty();
    assertThat(server.lastCall().authorization()).isEqualTo("Bearer " + StubServer.CREDENTIAL);
  }

  @Test
  void list_asCsv() {
    assertThat(Shell.on(server).run("keys", "list", "-o", "csv").out())
        .isEqualTo(
            "kid,set,algorithm,state,reserve,domain,store,signs_until,signatures\r\n"
                + "aaaa1111,access,ES256,active,false,domain-1,file,2026-11-24T01:00:00Z,1204\r\n"
                + "aaaa2222,access,ES256,prepared,true,domain-2,pkcs11,,0\r\n");
  }

  @Test
  void list_asJson_isWhatTheServerGave() {
    var out = Shell.on(server).run("keys", "list", "-o", "JSON").out();
    assertThat(JsonReader.read(out.getBytes()).orElseThrow().items())
        .isEqualTo(JsonReader.read(KEYS.getBytes()).orElseThrow().get("keys").items());
  }

  @Test
  void list_asNdjson_isALineForEachKey() {
    assertThat(Shell.on(server).run("keys", "list", "-o", "ndjson").out().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("{\"kid\":\"aaaa"));
  }

  @Test
  void list_unknownFormat() {
    var result = Shell.on(server).run("keys", "list", "-o", "xml");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("xml").contains("ingam keys list --help");
  }

  @Test
  void show_byFirstCharacters() {
    server.answers("GET /admin/keys/aaaa2222", 200, RESERVE);
    var result = Shell.on(server).run("keys", "show", "aaaa2");
    assertThat(result.code()).isZero();
    assertThat(result.out().lines().map(line -> line.replaceAll(" {2,}", ": ")))
        .contains("KID: aaaa2222", "RESERVE: yes", "STORE: pkcs11", "EXTRACTABLE: no")
        .contains("DEVICE: SoftHSM v2, token two", "BIRTH CERTIFICATE: e30.e30.AA");
  }

  @ParameterizedTest
  @ValueSource(strings = {"aaaa", "aaa", "zzzz", "../status"})
  void show_notOneKey(String typed) {
    var result = Shell.on(server).run("keys", "show", typed);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("ingam keys list").contains(typed);
    assertThat(server.calls()).hasSize(1);
  }

  @Test
  void taint_withoutPersonAndWithoutYes_isRefusedBeforeAnythingIsSent() {
    var result = Shell.on(server).run("keys", "taint", "aaaa1111", "--why", "leaked");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("--yes");
    assertThat(server.calls()).allMatch(call -> call.method().equals("GET"));
  }

  @Test
  void taint_personSaysNo_changesNothing() {
    server.answers("POST /admin/keys/aaaa1111/taint", 200, DRY);
    var result =
        Shell.on(server).withPerson("n\n").run("keys", "taint", "aaaa1", "--why", "leaked");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("It signs no more.")
        .contains("1204 tokens")
        .contains("Nothing was changed");
    assertThat(server.lastCall().body().get("dry_run").isTrue()).isTrue();
  }

  @Test
  void taint_personSaysYes_sendsTheDryRunThenTheChange() {
    server.answers("POST /admin/keys/aaaa1111/taint", 200, DONE);
    var result =
        Shell.on(server).withPerson("y\n").run("keys", "taint", "aaaa1", "--why", "leaked");
    assertThat(result.code()).isZero();
    var posts = server.calls().stream().filter(call -> call.method().equals("POST")).toList();
    assertThat(posts)
        .extracting(call -> call.body().get("dry_run").isTrue())
        .containsExactly(true, false);
    assertThat(posts).allMatch(call -> call.body().get("why").text().equals("leaked"));
    assertThat(result.out()).contains("tainted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"taint", "revoke"})
  void takeAway_yes_sendsTheChangeAtOnce(String move) {
    server.answers("POST /admin/keys/aaaa1111/" + move, 200, DONE);
    var result =
        Shell.on(server).run("keys", move, "aaaa1111", "--why", "leaked", "--yes", "-o", "json");
    assertThat(result.code()).isZero();
    assertThat(server.lastCall().body().get("dry_run").isTrue()).isFalse();
    assertThat(
            JsonReader.read(result.out().getBytes()).orElseThrow().get("key").get("state").text())
        .isEqualTo("tainted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"taint", "revoke"})
  void takeAway_withoutWhy(String move) {
    var result = Shell.on(server).run("keys", move, "aaaa1111", "--yes");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("--why");
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void rotate_tooEarly_showsTheServersWords() {
    server.answers(
        "POST /admin/key-sets/access/rotate",
        409,
        "{\"error\":\"conflict\",\"error_description\":\"Expected 24 h of publishing; came 1 h. Use --now.\"}");
    var result = Shell.on(server).run("keys", "rotate");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo("ingam: Expected 24 h of publishing; came 1 h. Use --now.\n");
  }

  @Test
  void rotateNow_dryRun_saysWhoMayRefuse() {
    server.answers("POST /admin/key-sets/access/rotate", 200, DRY);
    var result = Shell.on(server).run("keys", "rotate", "--now", "--dry-run");
    assertThat(result.code()).isZero();
    assertThat(result.err()).contains("This would happen:\n- It signs no more.\n");
    assertThat(server.lastCall().body().get("now").isTrue()).isTrue();
  }

  @Test
  void prepare_andActivate_sendOneCall() {
    server.answers("POST /admin/key-sets/access/prepare", 201, DONE);
    server.answers("POST /admin/keys/aaaa2222/activate", 200, DONE);
    assertThat(Shell.on(server).run("keys", "prepare", "access").code()).isZero();
    assertThat(Shell.on(server).run("keys", "activate", "aaaa2222").code()).isZero();
  }

  @Test
  void group_withoutCommand() {
    var result = Shell.alone().run("keys");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("ingam keys --help");
  }
}
