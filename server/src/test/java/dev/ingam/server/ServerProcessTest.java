package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.testkit.Until;
import dev.ingam.wire.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What only a process shows: exit codes, what goes where, signals.
class ServerProcessTest {
  @TempDir Path home;

  @Test
  void words_notUnderstood_showTheUsage() throws Exception {
    try (var server = ServerProcess.launch(home, List.of("--port", "1"))) {
      assertThat(server.exitCode()).isEqualTo(2);
      assertThat(server.err()).contains("unknown: --port").contains("Usage: ingam serve");
      assertThat(server.out()).isEmpty();
    }
  }

  @Test
  void start_thatFails_saysOneLineAndNoStackTrace() throws Exception {
    var words =
        List.of(
            "--data-dir", "/proc/ingam", "--public-port=0", "--internal-port=0", "--admin-port=0");
    try (var server = ServerProcess.launch(home, words)) {
      assertThat(server.exitCode()).isEqualTo(1);
      assertThat(server.err().lines()).hasSize(1);
      assertThat(server.err()).startsWith("Ingam does not start: ").contains("/proc/ingam");
      assertThat(server.out()).isEmpty();
    }
  }

  /// The programs of PostgreSQL, its write-ahead log and the ledger's book each need more than the
  /// limits here.
  @Test
  @Tag("full")
  void disk_full_isSaidAndNothingIsDamaged() throws Exception {
    for (var kibibytes : new int[] {1 << 10, 12 << 10, 30 << 10, 31 << 10}) {
      try (var server = ServerProcess.launchWithin(kibibytes, home)) {
        assertThat(server.exitCode()).as(server.err()).isEqualTo(1);
        assertThat(server.err()).contains("Ingam does not start: ").doesNotContain("unexpected");
        assertThat(server.err().lines().filter(line -> line.startsWith("\tat "))).isEmpty();
      }
    }
    var clients = new LoadClients(1);
    try (var server = ServerProcess.ready(home)) {
      clients.register(server, home);
      assertThat(clients.redeemNew(server, 1)).isOne();
      assertThat(clients.problems(server, home)).isEmpty();
    }
  }

  @Test
  void log_inJson_isAnObjectALine_withTheKeysOfTheEntry() throws Exception {
    try (var server =
        ServerProcess.ready(
            home,
            Map.of("ingam.log.format", "ecs", "logging.config", "classpath:logback-spring.xml"))) {
      var kid = active(admin(server, "GET", "/admin/keys", ""));
      admin(server, "POST", "/admin/keys/" + kid + "/taint", "{\"why\":\"a test\"}");
      Until.isTrue(
          "it is logged", Duration.ofSeconds(60), () -> server.err().contains("condemned"));
      server.terminate();
      server.exitCode();
      var lines = server.err().lines().map(JsonObject::read).toList();
      assertThat(lines).as(server.err()).isNotEmpty().doesNotContainNull();
      assertThat(lines)
          .allSatisfy(line -> {
            assertThat(Instant.parse(line.string("@timestamp"))).isNotNull();
            assertThat(line.names()).contains("log", "message", "service");
          });
      assertThat(lines)
          .anySatisfy(line -> {
            assertThat(line.string("message")).isEqualTo("custody domain condemned");
            assertThat(line.string("kid")).isEqualTo(kid);
          });
    }
  }

  private static String active(JsonObject keys) {
    return keys.objects("keys").stream()
        .filter(key -> "active".equals(key.string("state")))
        .findFirst()
        .orElseThrow()
        .string("kid");
  }

  private JsonObject admin(ServerProcess server, String method, String path, String body)
      throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(server.url("admin").resolve(path))
              .header("Authorization", "Bearer " + LoadClients.rootCredential(home))
              .header("Content-Type", "application/json")
              .method(method, BodyPublishers.ofString(body));
      var answer = http.send(request.build(), BodyHandlers.ofByteArray());
      assertThat(answer.statusCode()).isEqualTo(200);
      return JsonObject.read(answer.body());
    }
  }

  @Test
  void log_inNoFormThereIs_isSaidAndNothingStarts() throws Exception {
    try (var server =
        ServerProcess.launch(
            home, List.of("--config=" + config("ingam:\n  log:\n    format: xml\n")))) {
      assertThat(server.exitCode()).isEqualTo(1);
      assertThat(server.err())
          .startsWith("Ingam does not start: ")
          .contains("ingam.log.format: expected plain or ecs, came xml");
      assertThat(server.err().lines().filter(line -> line.startsWith("\tat "))).isEmpty();
    }
  }

  private Path config(String yaml) throws IOException {
    return Files.writeString(home.resolve("wrong.yml"), yaml);
  }

  @Test
  void kill9_thenTerm_losesNothingAndLeavesNothingRunning() throws Exception {
    var data = home.resolve("data");
    var clients = new LoadClients(1);
    try (var server = ServerProcess.ready(home)) {
      clients.register(server, home);
      assertThat(clients.redeemNew(server, 20)).isEqualTo(20);
      clients.issueForLater(server, 5);
      assertThat(server.out()).contains(server.url("public").toString());
      server.kill();
    }
    try (var server = ServerProcess.ready(home)) {
      clients.assertRedeemedStayRedeemed(server);
      clients.assertIssuedAreStillAccepted(server);
      server.terminate();
      assertThat(server.exitCode()).isEqualTo(128 + 15);
      assertThat(server.err()).doesNotContain("Exception");
    }
    assertThat(data.resolve("run/ports.json")).doesNotExist();
    assertThat(data.resolve("postgres/data/postmaster.pid")).doesNotExist();
    assertThat(Files.isDirectory(data)).isTrue();
  }
}
