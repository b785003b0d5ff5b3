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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How the command finds the server and its credential, and what it says when it does not.
class ServerFindingTest {
  private static final long NO_PROCESS = 999_999_999L;

  @TempDir Path folder;
  private StubServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = new StubServer(folder);
    server.answers("GET /admin/keys", 200, "{\"keys\":[]}");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void noDataFolder() {
    var result = Shell.alone().run("keys", "list", "--data-dir", folder.resolve("none").toString());
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("--data-dir").contains("ingam serve");
  }

  @Test
  void serverNotStarted() throws IOException {
    Files.delete(server.dataDir().resolve("run").resolve("ports.json"));
    var result = Shell.on(server).run("keys", "list");
    assertThat(result.code()).isEqualTo(75);
    assertThat(result.err()).contains("No server runs").contains("ingam serve");
  }

  @Test
  void serverGone_getsNoCredential() throws IOException {
    server.writePorts(NO_PROCESS);
    var result = Shell.on(server).run("keys", "list");
    assertThat(result.code()).isEqualTo(75);
    assertThat(result.err()).contains("is gone");
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void serverDoesNotListen() {
    server.close();
    var result = Shell.on(server).run("keys", "list");
    assertThat(result.code()).isEqualTo(75);
    assertThat(result.err()).contains("No answer from http://127.0.0.1:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"admin\":\"x\"}",
        "{\"admin\":1",
        "{\"admin\":99999999,\"pid\":1}",
        "{\"admin\":65536,\"pid\":1}",
        "{\"admin\":0,\"pid\":1}"
      })
  void damagedPortsFile(String content) throws IOException {
    Files.writeString(server.dataDir().resolve("run").resolve("ports.json"), content);
    assertThat(Shell.on(server).run("keys", "list").code()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"id\":\"../../x\"}", "nonsense"})
  void damagedInstallationFile(String content) throws IOException {
    Files.writeString(server.dataDir().resolve("installation"), content);
    var result = Shell.on(server).run("keys", "list");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("installation");
  }

  @Test
  void credentialFileMissing() {
    var result =
        Shell.on(server)
            .run("keys", "list", "--credential-file", folder.resolve("none").toString());
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("root credential").contains("no such file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short", "two words that are far too long to be a credential"})
  void credentialFileWithSomethingElse_isNotSent(String content) throws IOException {
    var file = Files.writeString(folder.resolve("other"), content);
    var result = Shell.on(server).run("keys", "list", "--credential-file", file.toString());
    assertThat(result.code()).isEqualTo(1);
    assertThat(server.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://ingam.example:8421", "ftp://127.0.0.1", "http://127.0.0.1.example/"})
  void urlThatWouldShowTheCredential(String url) {
    var result = Shell.on(server).run("keys", "list", "--url", url);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("clear text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://ingam.example", "ingam.example", "ftp://127.0.0.1", "http:/x"})
  void publicUrlThatWouldShowTheSecret(String url) throws IOException {
    var secret = Files.writeString(folder.resolve("secret"), "ingam_secret").toString();
    var result =
        Shell.on(server)
            .run("token", "issue", "--client", "a", "--secret-file", secret, "--public-url", url);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("--public-url").contains("clear text");
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void credentialInNoFolderOfSecrets_saysHowToNameIt() throws IOException {
    Files.delete(
        server.secretsDir().resolve("00112233445566778899aabbccddeeff").resolve("root-credential"));
    var result = Shell.on(server).run("keys", "list");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("--secrets-dir");
  }

  @ParameterizedTest
  @CsvSource({"401,4", "403,4", "404,1", "409,1", "500,1", "503,75", "429,75"})
  void status_becomesExitCode(int status, int code) {
    server.answers("GET /admin/keys", status, "{\"error\":\"x\",\"error_description\":\"Words.\"}");
    assertThat(Shell.on(server).run("keys", "list").code()).isEqualTo(code);
  }

  @Test
  void wrongCredential_saysWhatToCheck() {
    server.answers("GET /admin/keys", 401, "{\"error\":\"unauthorized\"}");
    assertThat(Shell.on(server).run("keys", "list").err()).contains("--data-dir");
  }

  @Test
  void answerThatIsNotJson() {
    server.answers("GET /admin/keys", 200, "<html>");
    var result = Shell.on(server).run("keys", "list");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("Expected JSON");
  }

  @Test
  void wordsOfTheServer_cannotDriveTheTerminal() {
    server.answers(
        "GET /admin/keys", 409, "{\"error\":\"x\",\"error_description\":\"a\\u001b[2Jb\"}");
    assertThat(Shell.on(server).run("keys", "list").err())
        .doesNotContain("\u001b")
        .contains("\\u001b");
  }
}
