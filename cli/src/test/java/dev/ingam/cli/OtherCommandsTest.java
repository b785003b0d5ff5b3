package dev.ingam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Routes, ledger, events, proofs, and the command itself.
class OtherCommandsTest {
  private static final String SERIAL = "AAAAAQAAAAIAAAAAAAAAAw";
  private static final String ROUTE =
      """
      {"id":"r1","method":"GET","path":"/orders/*","audience":"https://x","scopes":["a"],"data":"personal","single_use":false,"clients":false}\
      """;

  @TempDir Path folder;
  private StubServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = new StubServer(folder);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void masterKey_rotate() {
    server.answers(
        "POST /admin/master-keys/rotate",
        200,
        """
        {"dry_run":false,"effects":["Every store is encrypted anew."],"stores":["domain-1","sealing"]}\
        """);
    var result = Shell.on(server).run("master-key", "rotate", "--yes");
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("domain-1 sealing");
    assertThat(result.err()).contains("- Every store is encrypted anew.");
    assertThat(server.lastCall().body().get("dry_run").isTrue()).isFalse();
    assertThat(Shell.on(server).run("master-key", "rotate").code()).isEqualTo(2);
  }

  @Test
  void routes_add_isStrictUnlessTold() {
    server.answers("POST /admin/routes", 201, ROUTE);
    var result =
        Shell.on(server)
            .run("routes", "add", "get", "/orders/*", "--audience", "https://x", "--scope", "a");
    assertThat(result.code()).isZero();
    assertThat(server.lastCall().body().get("method").text()).isEqualTo("GET");
    assertThat(server.lastCall().body().get("data").text()).isEqualTo("personal");
    assertThat(server.lastCall().body().get("clients").isTrue()).isFalse();
    assertThat(server.lastCall().body().get("bound").isTrue()).isFalse();
  }

  @Test
  void routes_add_ofBoundTokensAlone() {
    server.answers("POST /admin/routes", 201, ROUTE);
    var shell = Shell.on(server);
    assertThat(shell.run("routes", "add", "GET", "/x", "--audience", "https://x", "--bound").code())
        .isZero();
    assertThat(server.lastCall().body().get("bound").isTrue()).isTrue();
  }

  @Test
  void routes_list_asTable() {
    server.answers("GET /admin/routes", 200, "{\"routes\":[" + ROUTE + "]}");
    assertThat(Shell.on(server).run("routes", "list").out())
        .isEqualTo(
            """
            ID  METHOD  PATH       AUDIENCE   SCOPES  DATA      SINGLE USE  CLIENTS  BOUND
            r1  GET     /orders/*  https://x  a       personal  no          no       no
            """);
  }

  @Test
  void routes_remove() {
    server.answers("DELETE /admin/routes/r1", 204, "");
    assertThat(Shell.on(server).run("routes", "remove", "r1").code()).isZero();
    assertThat(Shell.on(server).run("routes", "remove", "r2").code()).isEqualTo(1);
    assertThat(Shell.on(server).run("routes", "remove").code()).isEqualTo(2);
  }

  @Test
  void ledger_show() {
    server.answers(
        "GET /admin/ledger/" + SERIAL,
        200,
        "{\"serial\":\"" + SERIAL + "\",\"book\":1,\"slot\":2,\"state\":\"entered\"}");
    assertThat(Shell.on(server).run("ledger", "show", SERIAL).out())
        .isEqualTo("SERIAL  " + SERIAL + "\nBOOK    1\nSLOT    2\nSTATE   entered\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-yAAAQAAAAIAAAAAAAAAAwAAAAAAAAAAAAAAAAAAAAA",
        "--AAAQAAAAIAAAAAAAAAAwAAAAAAAAAAAAAAAAAAAAA",
        "-hAAAQAAAAIAAAAAAAAAAwAAAAAAAAAAAAAAAAAAAAA"
      })
  void idThatBeginsWithAHyphen_isNoOption(String kid) {
    server.answers("GET /admin/keys", 200, "{\"keys\":[{\"kid\":\"" + kid + "\"}]}");
    server.answers("GET /admin/keys/" + kid, 200, "{\"kid\":\"" + kid + "\"}");
    var result = Shell.on(server).run("keys", "show", kid);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo("KID  " + kid + "\n");
  }

  @Test
  void serialThatBeginsWithAHyphen_isNoOption() {
    var serial = "-AAAAQAAAAIAAAAAAAAAAw";
    server.answers("GET /admin/ledger/" + serial, 200, "{\"serial\":\"" + serial + "\"}");
    assertThat(Shell.on(server).run("ledger", "show", serial).code()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "AAAAAQAAAAIAAAAAAAAAAx", "AAAAAQAAAAIAAAAAAAAAAwA", "-"})
  void ledger_noSerial(String serial) {
    var result = Shell.on(server).run("ledger", "show", serial);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("Expected a serial");
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void events_asTable() {
    server.answers(
        "GET /admin/events?schema=keys&after=3&limit=2",
        200,
        "{\"events\":[{\"seq\":4,\"at\":\"2026-11-23T01:00:00Z\",\"type\":\"key-activated\",\"actor\":\"root\",\"body\":{\"kid\":\"k\",\"set\":\"access\"}}],\"last\":4}");
    assertThat(Shell.on(server).run("events", "--after", "3", "--limit", "2").out())
        .isEqualTo(
            """
            SEQ  AT                                         TYPE           ACTOR  WHAT
            4    2026-11-23 01:00:00 UTC (11-23 10:00 KST)  key-activated  root   kid=k set=access
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--limit=0", "--limit=1001", "--after=-1", "--after=x"})
  void events_outOfRange(String option) {
    assertThat(Shell.on(server).run("events", option).code()).isEqualTo(2);
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void proofs_none() {
    server.answers("GET /admin/proofs", 200, "{\"proofs\":[]}");
    var result = Shell.on(server).run("proofs");
    assertThat(result.code()).isZero();
    assertThat(result.err()).isEqualTo("No theft has been proven.\n");
  }

  @Test
  void proofs_areABlockEachForPeopleAndALineEachForScripts() {
    server.answers(
        "GET /admin/proofs",
        200,
        "{\"proofs\":[{\"kid\":\"aaaa\",\"forged_tokens\":3,\"acknowledged_why\":\"found\"},"
            + "{\"kid\":\"bbbb\",\"forged_tokens\":1}]}");
    assertThat(Shell.on(server).run("proofs").out())
        .isEqualTo(
            """
            STOLEN KEY     aaaa
            FORGED TOKENS  3
            WHY            found

            STOLEN KEY     bbbb
            FORGED TOKENS  1
            """);
    assertThat(Shell.on(server).run("proofs", "-o", "csv").out().lines())
        .hasSize(3)
        .anyMatch(line -> line.startsWith("bbbb,1,"));
  }

  @Test
  void evidence_saysThatMoreMayFollow() {
    server.answers(
        "GET /admin/proofs/evidence?after=4&limit=1",
        200,
        "{\"evidence\":[{\"id\":7,\"kid\":\"k\",\"finding\":\"void\"}],\"last\":7}");
    var result =
        Shell.on(server).withPerson("").run("proofs", "--evidence", "--after", "4", "--limit", "1");
    assertThat(result.code()).isZero();
    assertThat(result.err()).contains("--after 7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--after=3", "--limit=3"})
  void proofs_pageWithoutEvidence(String option) {
    var result = Shell.on(server).run("proofs", option);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("--evidence");
    assertThat(server.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--limit=0", "--limit=1001", "--after=-1", "--after=x"})
  void evidence_outOfRange(String option) {
    assertThat(Shell.on(server).run("proofs", "--evidence", option).code()).isEqualTo(2);
    assertThat(server.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", ".."})
  void id_thatWouldNameAnotherPath(String id) {
    for (var command : new String[] {"routes remove", "clients show", "clients disable"}) {
      var words = command.split(" ");
      assertThat(Shell.on(server).run(words[0], words[1], id).code()).isEqualTo(2);
    }
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void argumentWithAtSign_isNoFileToRead() throws IOException {
    var file = Files.writeString(folder.resolve("args"), "--dry-run").toString();
    server.answers("GET /admin/clients/%40" + file.replace("/", "%2F"), 200, "{\"id\":\"x\"}");
    assertThat(Shell.on(server).run("clients", "show", "@" + file).code()).isZero();
  }

  @Test
  void json_holdsNothingThatDrivesATerminal() {
    server.answers(
        "GET /admin/routes",
        200,
        "{\"routes\":[{\"id\":\"\u009b31m\u202e \\u001b 인감 \ue000 \udb40\udc41\"}]}");
    for (var format : new String[] {"json", "ndjson"}) {
      var out = Shell.on(server).run("routes", "list", "-o", format).out();
      assertThat(out)
          .contains("\\u009b31m\\u202e")
          .contains("인감")
          .doesNotContain("\u009b", "\u202e", "\u001b", "\ue000");
      var read = JsonReader.read(out.getBytes(StandardCharsets.UTF_8)).orElseThrow();
      var route = format.equals("json") ? read.items().getFirst() : read;
      assertThat(route.get("id").text()).isEqualTo("\u009b31m\u202e \u001b 인감 \ue000 \udb40\udc41");
    }
  }

  @Test
  void csv_isShownSafelyOnATerminalAndWrittenAsItIs() {
    server.answers("GET /admin/routes", 200, "{\"routes\":[{\"id\":\"a\\u001b[2Jb\"}]}");
    assertThat(Shell.on(server).run("routes", "list", "-o", "csv").out()).contains("a\u001b[2Jb");
    assertThat(Shell.on(server).withPerson("").run("routes", "list", "-o", "csv").out())
        .contains("a\\u001b[2Jb");
  }

  @Test
  void acknowledge_oneByItsFirstCharacters() {
    server.answers("GET /admin/keys", 200, "{\"keys\":[{\"kid\":\"aaaa1\"},{\"kid\":\"bbbb1\"}]}");
    server.answers(
        "POST /admin/proofs/aaaa1/acknowledge",
        200,
        "{\"acknowledged\":[{\"kid\":\"aaaa1\",\"domain\":\"domain-1\",\"forged_tokens\":3}]}");
    var result = Shell.on(server).run("proofs", "acknowledge", "aaaa", "--reason", "found");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo("KID    DOMAIN    FORGED TOKENS\naaaa1  domain-1  3\n");
    assertThat(server.lastCall().body().compact()).isEqualTo("{\"why\":\"found\"}");
  }

  @Test
  void acknowledge_all() {
    server.answers("POST /admin/proofs/acknowledge", 200, "{\"acknowledged\":[]}");
    var result = Shell.on(server).run("proofs", "acknowledge", "--all", "--reason", "found");
    assertThat(result.code()).isZero();
    assertThat(result.err()).contains("nothing that nobody has taken up");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "KID", "--all", "--reason=x", "KID --all --reason=x"})
  void acknowledge_halfSaid(String words) {
    var all = words.isEmpty() ? new String[0] : words.split(" ");
    var line = new String[all.length + 2];
    line[0] = "proofs";
    line[1] = "acknowledge";
    System.arraycopy(all, 0, line, 2, all.length);
    assertThat(Shell.on(server).run(line).code()).isEqualTo(2);
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void acknowledge_dryRun_changesNothing() {
    var result =
        Shell.on(server).run("proofs", "acknowledge", "--all", "--reason", "x", "--dry-run");
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("\"why\" : \"x\"");
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void help_namesEveryCommand() {
    var result = Shell.alone().run("--help");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains(
            "serve",
            "demo",
            "soak",
            "bench",
            "status",
            "keys",
            "clients",
            "routes",
            "audiences",
            "token",
            "ledger",
            "events",
            "proofs");
  }

  @Test
  void noCommand_andUnknownCommand() {
    assertThat(Shell.alone().run().code()).isEqualTo(2);
    var unknown = Shell.alone().run("stauts");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("status");
  }

  @Test
  void backup_thatBreaksOff_leavesNothing(@TempDir Path to) throws IOException {
    var file = to.resolve("ingam.backup");
    server.answers("POST /admin/backup", 200, "INGAMBA1 and no end");
    var result = Shell.on(server).run("backup", file.toString());
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("broke off");
    server.answers(
        "POST /admin/backup",
        409,
        "{\"error\":\"conflict\",\"error_description\":\"One is under way.\"}");
    assertThat(Shell.on(server).run("backup", file.toString()).err()).contains("under way");
    try (var left = Files.list(to)) {
      assertThat(left).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "restore", "recover", "demo", "soak", "bench"})
  void launchersCommands_startedWithoutIt(String command) {
    var result = Shell.alone().run(command, "--accounts", "5");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("./ingam " + command);
  }

  @Test
  void csv_quotesWhatNeedsIt() {
    server.answers(
        "GET /admin/routes", 200, "{\"routes\":[{\"id\":\"a,b\",\"method\":\"say \\\"x\\\"\"}]}");
    assertThat(Shell.on(server).run("routes", "list", "-o", "csv").out())
        .endsWith("\r\n\"a,b\",\"say \"\"x\"\"\",,,,,,,\r\n");
  }
}
