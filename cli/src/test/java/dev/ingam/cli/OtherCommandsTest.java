package dev.ingam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  private static final String OLD =
      "{\"audience\":\"https://old\",\"key_set\":\"legacy\",\"version\":3}";
  private static final String AUDIENCES =
      "{\"audiences\":[" + OLD + "],\"in_doubt\":[\"https://odd\"]}";

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
  void routes_add_isStrictUnlessTold() {
    server.answers("POST /admin/routes", 201, ROUTE);
    var result =
        Shell.on(server)
            .run("routes", "add", "get", "/orders/*", "--audience", "https://x", "--scope", "a");
    assertThat(result.code()).isZero();
    assertThat(server.lastCall().body().get("method").text()).isEqualTo("GET");
    assertThat(server.lastCall().body().get("data").text()).isEqualTo("personal");
    assertThat(server.lastCall().body().get("clients").isTrue()).isFalse();
  }

  @Test
  void routes_list_asTable() {
    server.answers("GET /admin/routes", 200, "{\"routes\":[" + ROUTE + "]}");
    assertThat(Shell.on(server).run("routes", "list").out())
        .isEqualTo(
            """
            ID  METHOD  PATH       AUDIENCE   SCOPES  DATA      SINGLE USE  CLIENTS
            r1  GET     /orders/*  https://x  a       personal  no          no
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
  void audiences_set_sendsTheVersionThatStands() {
    server
        .answers("GET /admin/audiences", 200, AUDIENCES)
        .answers("PUT /admin/audiences", 200, OLD);
    assertThat(audiences("set", "https://old", "--key-set", "access").code()).isZero();
    assertThat(server.lastCall().body().get("version").text()).isEqualTo("3");
    assertThat(audiences("set", "https://new", "--key-set", "legacy").code()).isZero();
    assertThat(server.lastCall().body().get("version").isAbsent()).isTrue();
    assertThat(server.lastCall().body().get("key_set").text()).isEqualTo("legacy");
    assertThat(audiences("set", "https://new").code()).isEqualTo(2);
  }

  @Test
  void audiences_set_dryRunSendsNothing() {
    var result = audiences("set", "https://new", "--key-set", "legacy", "--dry-run");
    assertThat(result.code()).isZero();
    assertThat(result.err()).contains("Would send PUT /admin/audiences");
    assertThat(audiences("delete", "https://new", "--dry-run").err()).contains("Would send DELETE");
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void audiences_list_showsWhatIsInDoubt() {
    server.answers("GET /admin/audiences", 200, AUDIENCES);
    var result = audiences("list");
    assertThat(result.out())
        .isEqualTo(
            """
            AUDIENCE     KEY SET  VERSION
            https://old  legacy   3
            """);
    assertThat(result.err()).contains("In doubt").contains("https://odd").contains("ingam status");
  }

  @Test
  void audiences_delete() {
    server.answers("DELETE /admin/audiences?audience=https%3A%2F%2Fold", 204, "");
    assertThat(audiences("delete", "https://old").code()).isZero();
    assertThat(audiences("delete", "https://new").code()).isEqualTo(1);
  }

  private Shell.Result audiences(String... words) {
    var all = new ArrayList<String>(List.of("audiences"));
    all.addAll(List.of(words));
    return Shell.on(server).run(all.toArray(String[]::new));
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
  void help_namesEveryCommand() {
    var result = Shell.alone().run("--help");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains(
            "serve",
            "demo",
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

  @ParameterizedTest
  @ValueSource(strings = {"serve", "demo", "bench"})
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
        .endsWith("\r\n\"a,b\",\"say \"\"x\"\"\",,,,,,\r\n");
  }
}
