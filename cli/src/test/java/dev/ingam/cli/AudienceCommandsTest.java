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

/// `ingam audiences`.
class AudienceCommandsTest {
  private static final String OLD =
      """
      {"audience":"https://old","key_set":"legacy","data":"personal","trust":"required","observed":{},"version":3}\
      """;
  private static final String DONE =
      """
      {"dry_run":false,"effects":["GIVEN UP: much"],"policy":{"audience":"https://old","key_set":"legacy",
       "data":"internal","trust":"observe","trust_until":"2026-11-30T02:00:00Z","observed":{"not_issued":3,"ledger_doubt":1},"version":4}}\
      """;
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
  void audiences_set_sendsTheVersionThatStands() {
    server
        .answers("GET /admin/audiences", 200, AUDIENCES)
        .answers("PUT /admin/audiences", 200, DONE);
    assertThat(audiences("set", "https://old", "--key-set", "access").code()).isZero();
    assertThat(server.lastCall().body().get("version").text()).isEqualTo("3");
    assertThat(audiences("set", "https://new", "--key-set", "legacy").code()).isZero();
    assertThat(server.lastCall().body().get("version").isAbsent()).isTrue();
    assertThat(server.lastCall().body().get("key_set").text()).isEqualTo("legacy");
    assertThat(audiences("set", "https://new").code()).isEqualTo(2);
  }

  @Test
  void audiences_set_dryRunAsksTheServer() {
    server
        .answers("GET /admin/audiences", 200, AUDIENCES)
        .answers("PUT /admin/audiences", 200, DONE.replace("false", "true"));
    var result = audiences("set", "https://new", "--key-set", "legacy", "--dry-run");
    assertThat(result.code()).isZero();
    assertThat(result.err()).contains("This would happen:", "- GIVEN UP: much");
    assertThat(server.lastCall().body().get("dry_run").isTrue()).isTrue();
    var calls = server.calls().size();
    assertThat(audiences("delete", "https://new", "--dry-run").err()).contains("Would send DELETE");
    assertThat(server.calls()).hasSize(calls);
  }

  /// Who lowers a level is told what he gives up before anything is changed.
  @Test
  void audiences_setTrust_isAskedAbout() {
    server
        .answers("GET /admin/audiences", 200, AUDIENCES)
        .answers("PUT /admin/audiences", 200, DONE);
    String[] words = {
      "audiences",
      "set",
      "https://old",
      "--data",
      "internal",
      "--trust",
      "observe",
      "--until",
      "7d",
      "--reason",
      "first day"
    };
    assertThat(Shell.on(server).run(words).code()).isEqualTo(2);
    assertThat(server.calls()).noneMatch(call -> call.method().equals("PUT"));

    var no = Shell.on(server).withPerson("n\n").run(words);
    assertThat(no.code()).isEqualTo(1);
    assertThat(no.err()).contains("GIVEN UP: much", "Give that up for https://old?");
    assertThat(server.lastCall().body().get("dry_run").isTrue()).isTrue();

    var yes = Shell.on(server).with("--yes").run(words);
    assertThat(yes.code()).isZero();
    var sent = server.lastCall().body();
    assertThat(sent.get("dry_run").isTrue()).isFalse();
    assertThat(sent.get("trust").text()).isEqualTo("observe");
    assertThat(sent.get("data").text()).isEqualTo("internal");
    assertThat(sent.get("until").text()).isEqualTo("2026-11-30T02:00:00Z");
    assertThat(sent.get("why").text()).isEqualTo("first day");
    assertThat(sent.get("version").text()).isEqualTo("3");
    assertThat(yes.out()).contains("ledger_doubt 1", "not_issued 3", "2026-11-30 02:00:00 UTC");
  }

  @Test
  void audiences_setTrustRequired_needsNoConfirmation() {
    server
        .answers("GET /admin/audiences", 200, AUDIENCES)
        .answers("PUT /admin/audiences", 200, DONE);
    assertThat(audiences("set", "https://old", "--trust", "required").code()).isZero();
    assertThat(server.lastCall().body().get("until").isAbsent()).isTrue();
  }

  @Test
  void audiences_list_showsWhatIsInDoubt() {
    server.answers("GET /admin/audiences", 200, AUDIENCES);
    var result = audiences("list");
    assertThat(result.out())
        .isEqualTo(
            """
            AUDIENCE     KEY SET  DATA      TRUST     UNTIL  WOULD BE REFUSED  VERSION
            https://old  legacy   personal  required                           3
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
}
