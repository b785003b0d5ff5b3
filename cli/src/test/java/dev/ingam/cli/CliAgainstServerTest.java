package dev.ingam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.testkit.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command against a real server, which is a process of its own as for anybody.
class CliAgainstServerTest {
  @TempDir static Path folder;
  private static Process server;

  @BeforeAll
  static void serve() throws IOException {
    server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.ingam.server.ServerMain",
                "--data-dir=" + data(),
                "--secrets-dir=" + folder.resolve("secrets"),
                "--public-port=0",
                "--internal-port=0",
                "--admin-port=0")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Until.isTrue(
        "the server is ready",
        Duration.ofMinutes(5),
        () -> Files.exists(data().resolve("run").resolve("ports.json")));
  }

  @AfterAll
  static void stop() throws InterruptedException {
    server.destroy();
    assertThat(server.waitFor(60, TimeUnit.SECONDS)).as("stopped by SIGTERM").isTrue();
  }

  private static Path data() {
    return folder.resolve("data");
  }

  private static Shell.Result ingam(String... words) {
    return Shell.alone()
        .inPresentTime()
        .with(
            "--data-dir", data().toString(), "--secrets-dir", folder.resolve("secrets").toString())
        .run(words);
  }

  private static Json json(Shell.Result result) {
    assertThat(result.code()).as(result.err()).isZero();
    return JsonReader.read(result.out().getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .orElseThrow();
  }

  @Test
  void backup_isWrittenOnceForItsOwnerAlone() throws IOException {
    var file = folder.resolve("ingam.backup");
    var made = ingam("backup", file.toString(), "-o", "json");
    assertThat(made.code()).as(made.err()).isZero();
    assertThat(made.out()).contains(file.toString());
    assertThat(made.err()).contains("backup.key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    var before = Files.readAllBytes(file);
    var again = ingam("backup", file.toString());
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("not there yet");
    assertThat(file).hasBinaryContent(before);
    assertThat(ingam("backup", file.toString(), "--force").code()).isZero();
    assertThat(Files.readAllBytes(file)).isNotEqualTo(before);
  }

  @Test
  void status_freshServer() {
    var status = json(ingam("status", "-o", "json"));
    assertThat(status.get("state").text()).isEqualTo("ok");
  }

  @Test
  void token_fromClientToLedger() throws IOException {
    var secret = folder.resolve("secret").toString();
    var made =
        ingam(
            "clients",
            "create",
            "shop",
            "--right",
            "client_credentials",
            "--audience",
            "https://x",
            "--secret-file",
            secret);
    assertThat(made.code()).as(made.err()).isZero();

    var issued =
        json(
            ingam(
                "token",
                "issue",
                "--client",
                "shop",
                "--secret-file",
                secret,
                "--audience",
                "https://x",
                "-o",
                "json"));
    var token =
        Files.writeString(folder.resolve("token"), issued.get("access_token").text()).toString();
    assertThat(json(ingam("token", "verify", token, "-o", "json")).get("verdict").text())
        .isEqualTo("accepted");
    assertThat(ingam("token", "verify", token, "--audience", "https://y").code()).isEqualTo(3);

    var serial = json(Shell.alone().run("token", "inspect", token, "-o", "json")).get("jti").text();
    assertThat(json(ingam("ledger", "show", serial, "-o", "json")).get("client").text())
        .isEqualTo("shop");
  }

  @Test
  void client_withItsOwnKey_getsAToken() throws Exception {
    var key =
        new com.nimbusds.jose.jwk.gen.ECKeyGenerator(com.nimbusds.jose.jwk.Curve.P_256)
            .keyID("k1")
            .generate();
    var own = Files.writeString(folder.resolve("own.jwk"), key.toJSONString()).toString();
    var shown =
        Files.writeString(folder.resolve("shown.jwk"), key.toPublicJWK().toJSONString()).toString();
    var made =
        ingam(
            "clients",
            "create",
            "own",
            "--right",
            "client_credentials",
            "--audience",
            "https://x",
            "--key-file",
            shown);
    assertThat(made.code()).as(made.err()).isZero();
    var issued =
        ingam("token", "issue", "--client", "own", "--key-file", own, "--audience", "https://x");
    assertThat(issued.code()).as(issued.err()).isZero();
    assertThat(issued.out()).matches("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\n");
  }

  @Test
  void client_changedAndDisabled() {
    ingam("clients", "create", "changed", "--right", "ledger", "--dry-run");
    assertThat(ingam("clients", "show", "changed").code()).isEqualTo(1);
    assertThat(ingam("clients", "create", "changed", "--right", "ledger").code()).isZero();
    var updated =
        json(
            ingam(
                "clients", "update", "changed", "--lifetime", "60s", "--single-use", "-o", "json"));
    assertThat(updated.get("token_lifetime_seconds").text()).isEqualTo("60");
    assertThat(updated.get("single_use").isTrue()).isTrue();
    assertThat(updated.get("rights")).isEqualTo(Json.texts(List.of("ledger")));
    assertThat(json(ingam("clients", "disable", "changed", "-o", "json")).get("enabled").isTrue())
        .isFalse();
    assertThat(
            json(ingam("clients", "update", "changed", "--enable", "-o", "json"))
                .get("enabled")
                .isTrue())
        .isTrue();
  }

  @Test
  void keys_prepareAndRotate() {
    var before = json(ingam("keys", "list", "-o", "json")).items().size();
    assertThat(ingam("keys", "prepare").code()).isZero();
    assertThat(json(ingam("keys", "list", "-o", "json")).items()).hasSize(before + 1);
    var early = ingam("keys", "rotate");
    assertThat(early.code()).isEqualTo(1);
    assertThat(early.err()).contains("rotate now");
    assertThat(ingam("keys", "rotate", "--now", "--dry-run").err())
        .contains("may refuse new tokens");
    assertThat(json(ingam("events", "-o", "json")).items()).isNotEmpty();
  }

  @Test
  void routes_addAndRemove() {
    var route =
        json(ingam("routes", "add", "get", "/orders/*", "--audience", "https://x", "-o", "json"));
    assertThat(ingam("routes", "list").out()).contains("/orders/*");
    assertThat(ingam("routes", "remove", route.get("id").text()).code()).isZero();
    assertThat(ingam("proofs").code()).isZero();
  }

  @Test
  void audiences_setChangeDelete() {
    var name = "https://old.example/v1?x=1";
    assertThat(ingam("audiences", "set", name, "--key-set", "access").code()).isZero();
    assertThat(ingam("audiences", "set", name, "--key-set", "access").code()).isZero();
    assertThat(ingam("audiences", "list").out()).contains(name);
    var unknown = ingam("audiences", "set", name, "--key-set", "legacy");
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.err()).contains("key_set");
    assertThat(ingam("audiences", "delete", name).code()).isZero();
    assertThat(ingam("audiences", "delete", name).code()).isEqualTo(1);
  }

  @Test
  void credentialOfAnotherServer_isNotPermitted() throws IOException {
    var other = Files.writeString(folder.resolve("other"), StubServer.CREDENTIAL).toString();
    assertThat(ingam("keys", "list", "--credential-file", other).code()).isEqualTo(4);
  }
}
