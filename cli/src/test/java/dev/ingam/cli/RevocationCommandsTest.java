package dev.ingam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What was issued, taken back.
class RevocationCommandsTest {
  private static final String MARK =
      "{\"id\":1,\"target\":\"client\",\"value\":\"shop\",\"before\":\"now\",\"made_at\":\"2026-11-23T09:00:00Z\","
          + "\"actor\":\"operator\",\"why\":\"drill\",\"live\":true,\"intact\":true}";
  private static final String CHANGE =
      "{\"dry_run\":false,\"effects\":[\"Refused from now on.\"],\"watermark\":" + MARK + "}";

  @TempDir Path folder;
  private StubServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = new StubServer(folder);
    server.answers("POST /admin/watermarks", 200, CHANGE);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void revoke_sendsTargetMomentAndReason() {
    var result =
        Shell.on(server)
            .run("revoke", "--before", "now", "--client", "shop", "--reason", "drill", "--yes");

    assertThat(result.code()).isZero();
    assertThat(result.err()).contains("- Refused from now on.");
    var body = server.lastCall().body();
    assertThat(body.get("before").text()).isEqualTo("now");
    assertThat(body.get("target").text()).isEqualTo("client");
    assertThat(body.get("value").text()).isEqualTo("shop");
    assertThat(body.get("why").text()).isEqualTo("drill");
    assertThat(body.get("dry_run").isTrue()).isFalse();
  }

  @Test
  void revoke_all_namesNothing() {
    Shell.on(server).run("revoke", "--before", "now", "--all", "--reason", "drill", "--dry-run");

    assertThat(server.lastCall().body().get("target").text()).isEqualTo("all");
    assertThat(server.lastCall().body().get("value").isAbsent()).isTrue();
    assertThat(server.lastCall().body().get("dry_run").isTrue()).isTrue();
  }

  @Test
  void revoke_subjectFromStandardInput() {
    Shell.on(server)
        .typing("kim\n")
        .run("revoke", "--before", "now", "--subject", "-", "--reason", "drill", "--yes");

    assertThat(server.lastCall().body().get("value").text()).isEqualTo("kim");
  }

  @Test
  void revoke_withoutAPerson_needsYes() {
    var result = Shell.on(server).run("revoke", "--before", "now", "--all", "--reason", "drill");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("--yes or --dry-run");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "revoke --before now --reason drill --yes",
        "revoke --all --reason drill --yes",
        "revoke --before now --all --yes",
        "revoke --before now --all --client shop --reason drill --yes",
        "sessions end --reason drill --yes",
        "sessions end --subject kim --yes"
      })
  void whatIsMissing_isAMistakeInTheCall(String line) {
    assertThat(Shell.on(server).run(line.split(" ")).code()).isEqualTo(2);
  }

  @Test
  void watermarks_list() {
    server.answers("GET /admin/watermarks?limit=7", 200, "{\"watermarks\":[" + MARK + "]}");

    assertThat(Shell.on(server).run("watermarks", "list", "--limit", "7", "-o", "csv").out())
        .isEqualTo(
            "id,target,value,before,made_at,live,intact,actor,why\r\n"
                + "1,client,shop,now,2026-11-23T09:00:00Z,true,true,operator,drill\r\n");
  }

  @Test
  void sessions_end() {
    server.answers(
        "POST /admin/sessions/end", 200, "{\"dry_run\":false,\"effects\":[],\"sessions_ended\":2}");

    var result =
        Shell.on(server)
            .run("sessions", "end", "--subject", "kim", "--reason", "lost phone", "--yes");

    assertThat(result.out()).isEqualTo("SESSIONS ENDED  2\n");
    assertThat(server.lastCall().body().get("subject").text()).isEqualTo("kim");
  }

  @Test
  void token_introspect_saysWhetherItIsActive() throws IOException {
    var secret = Files.writeString(folder.resolve("secret"), "ingam_abc");
    var token = Files.writeString(folder.resolve("token"), "ey.t.s");
    server.answers("POST /oauth2/introspect", 200, "{\"active\":true,\"sub\":\"kim\"}");
    var good = introspect(secret, token);
    assertThat(good.code()).isZero();
    assertThat(server.lastCall().body().text()).contains("token=ey.t.s").contains("redeem=true");

    server.answers("POST /oauth2/introspect", 200, "{\"active\":false}");
    assertThat(introspect(secret, token).code()).isEqualTo(3);
  }

  private Shell.Result introspect(Path secret, Path token) {
    return Shell.on(server)
        .run(
            "token",
            "introspect",
            token.toString(),
            "--client",
            "api",
            "--secret-file",
            secret.toString(),
            "--redeem");
  }

  @Test
  void token_revoke() throws IOException {
    var secret = Files.writeString(folder.resolve("secret"), "ingam_abc");
    var token = Files.writeString(folder.resolve("token"), "ey.t.s");
    server.answers("POST /oauth2/revoke", 200, "{}");

    var result =
        Shell.on(server)
            .run(
                "token",
                "revoke",
                token.toString(),
                "--client",
                "shop",
                "--secret-file",
                secret.toString());

    assertThat(result.code()).isZero();
    assertThat(server.lastCall().body().text()).contains("token=ey.t.s").contains("client_id=shop");
    var twice =
        Shell.on(server).run("token", "revoke", "-", "--client", "shop", "--secret-file", "-");
    assertThat(twice.code()).isEqualTo(2);
  }
}
