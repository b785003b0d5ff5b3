package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.ClientRight;
import dev.ingam.keys.KeyLifecycle;
import dev.ingam.testkit.Until;
import dev.ingam.wire.Base64Url;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A thief comes while the database stands still, and then the server dies too: the proof is not
/// lost, and takes effect once.
@Tag("full")
class TheftWithoutDatabaseTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path home;
  private final LoadClients clients = new LoadClients(1);

  /// What a thief of the active key signed.
  private record Forged(String kid, String token) {}

  private Forged forge() {
    try (var server = TestServer.start(home)) {
      var secret = server.client("shop", ClientRight.CLIENT_CREDENTIALS, false, Set.of("orders"));
      var parts = server.clientToken("shop", secret).split("\\.");
      var claims =
          new String(Base64Url.decode(parts[1]), StandardCharsets.UTF_8)
              .replaceAll("\"jti\":\"[^\"]+\"", "\"jti\":\"AAAAAQAAAAIAAAAAAAAAAw\"")
              .replaceAll("\"iss\":\"[^\"]+\"", "\"iss\":\"" + ServerProcess.ISSUER + "\"");
      var input = parts[0] + "." + Base64Url.encode(claims.getBytes(StandardCharsets.UTF_8));
      var keyring = server.bean(KeyLifecycle.class).keyring();
      var active = keyring.active("access");
      var signature = keyring.sign(active, input.getBytes(StandardCharsets.US_ASCII));
      return new Forged(active.kid(), input + "." + Base64Url.encode(signature));
    }
  }

  private List<String> events(ServerProcess server, String schema, String type) throws Exception {
    var path = "/admin/events?limit=1000&schema=" + schema;
    var events = clients.admin(server, home, path).get("events");
    return StreamSupport.stream(events.spliterator(), false)
        .map(each -> each.get("type").asString())
        .filter(type::equals)
        .toList();
  }

  @Test
  void forgedToken_whileTheDatabaseIsFrozen_isRefusedAndItsProofOutlivesTheServer()
      throws Exception {
    var forged = forge();
    var file = home.resolve("data/theft-proofs/" + forged.kid() + ".proof");
    var postgres = new PostgresProcesses(home);
    try (var server = ServerProcess.ready(home);
        var http = HttpClient.newHttpClient()) {
      clients.register(server, home);
      postgres.freeze();
      try {
        var asked =
            http.sendAsync(
                HttpRequest.newBuilder(server.url("internal").resolve("/gate"))
                    .timeout(PATIENCE)
                    .header("X-Forwarded-Method", "GET")
                    .header("X-Forwarded-Uri", "/x")
                    .header("Authorization", "Bearer " + forged.token())
                    .build(),
                BodyHandlers.ofString());
        Until.isTrue("the proof is kept", PATIENCE, () -> Files.exists(file));
        var answer = asked.join();
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(LoadClients.reason(answer)).isEqualTo("not_issued");
        server.kill();
      } finally {
        postgres.thaw();
      }
    }
    assertThat(file).exists();

    try (var server = ServerProcess.ready(home)) {
      Until.isTrue("it took effect", PATIENCE, () -> !Files.exists(file));
      assertTakenEffectOnce(server, forged);
      assertThat(clients.redeemNew(server, 1)).isOne();
    }
    try (var server = ServerProcess.ready(home)) {
      assertTakenEffectOnce(server, forged);
    }
  }

  private void assertTakenEffectOnce(ServerProcess server, Forged forged) throws Exception {
    var proofs = clients.admin(server, home, "/admin/proofs").get("proofs");
    assertThat(proofs).hasSize(1);
    assertThat(proofs.get(0).get("kid").asString()).isEqualTo(forged.kid());
    var key = clients.admin(server, home, "/admin/keys/" + forged.kid());
    assertThat(key.get("state").asString()).isEqualTo("tainted");
    assertThat(events(server, "issuance", "theft_proven")).hasSize(1);
    assertThat(events(server, "keys", "domain.condemned")).hasSize(1);
    // Until the first second is over a start says that it asks what became of the replacement.
    Until.isTrue(
        "status tells of it",
        PATIENCE,
        () -> clients.problems(server, home).contains("theft_proven"));
  }
}
