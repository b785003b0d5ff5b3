package dev.ingam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusCommandTest {
  private static final String REST =
      """
      "version":"0.1.0","installation":"0011","issuer":"http://127.0.0.1:8420","started_at":"2026-11-23T01:00:00Z",
      "keys":[{"set":"access","kid":"aaaa1111","algorithm":"ES256","signs_until":"2026-11-24T01:00:00Z","reserve_kid":"aaaa2222"}],
      "ledger":{"open_books":1},"crypto":{"provider":"AmazonCorrettoCryptoProvider"}}\
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
  void ok() {
    server.answers("GET /admin/status", 200, "{\"state\":\"ok\",\"problems\":[]," + REST);
    var result = Shell.on(server).run("status");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .isEqualTo(
            """
            ok  nothing needs a person

            KEY SET  ACTIVE KEY  ALGORITHM  SIGNS UNTIL                                RESERVE KEY
            access   aaaa1111    ES256      2026-11-24 01:00:00 UTC (11-24 10:00 KST)  aaaa2222

            ISSUER        http://127.0.0.1:8420
            INSTALLATION  0011
            VERSION       0.1.0
            RUNS SINCE    2026-11-23 01:00:00 UTC (11-23 10:00 KST)
            CRYPTO        provider AmazonCorrettoCryptoProvider
            LEDGER        open books 1
            """);
  }

  @Test
  void problem_saysWhatSinceWhenAndWhatNext() {
    server.answers(
        "GET /admin/status",
        200,
        """
        {"state":"attention","problems":[{"code":"rotation_overdue","since":"2026-11-23T01:30:00Z",
         "what":"The active key of access is past its end.","do_next":"ingam keys rotate access",
         "runbook":"docs/runbook/rotation_overdue.md"}],\
        """
            + REST);
    var result = Shell.on(server).run("status");
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.out())
        .startsWith(
            """
            problem  The active key of access is past its end.
              since  2026-11-23 01:30:00 UTC (11-23 10:30 KST), 30 min ago
              next   ingam keys rotate access
              page   docs/runbook/rotation_overdue.md
            """);
  }

  @Test
  void noServer_needsAPerson() throws IOException {
    Files.delete(server.dataDir().resolve("run").resolve("ports.json"));
    var result = Shell.on(server).run("status");
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.out())
        .contains("No server runs")
        .contains("next   ingam serve --data-dir")
        .contains("page   docs/runbook/no_answer.md");
  }

  @Test
  void problems_asCsv() {
    server.answers(
        "GET /admin/status",
        200,
        "{\"state\":\"attention\",\"problems\":[{\"code\":\"a\",\"since\":\"2026-11-23T01:30:00Z\","
            + "\"what\":\"b, c\",\"do_next\":\"d\"}],"
            + REST);
    var result = Shell.on(server).run("status", "-o", "csv");
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.out())
        .isEqualTo("code,since,what,do_next\r\na,2026-11-23T01:30:00Z,\"b, c\",d\r\n");
  }

  @Test
  void noServerAtItsUrl_saysNothingOfADataFolder() {
    var url = "http://127.0.0.1:1";
    var result = Shell.on(server).run("status", "--url", url);
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.out())
        .contains("next   see that a server runs at " + url)
        .doesNotContain("--data-dir");
  }

  @Test
  void noServer_asJson() throws IOException {
    Files.delete(server.dataDir().resolve("run").resolve("ports.json"));
    var result = Shell.on(server).run("status", "-o", "json");
    assertThat(result.code()).isEqualTo(3);
    var status = JsonReader.read(result.out().getBytes()).orElseThrow();
    assertThat(status.get("state").text()).isEqualTo("attention");
    assertThat(status.get("problems").items().getFirst().get("code").text()).isEqualTo("no_answer");
  }
}
