package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.ClientRight;
import dev.ingam.keys.Alarm;
import dev.ingam.keys.Installation;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.postgres.Database;
import dev.ingam.testkit.Until;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// The server's own PostgreSQL is killed under it. The server goes on, and nobody has to start it
/// again.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DatabaseAwayTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir static Path home;
  private static TestServer server;
  private static String secret;

  @BeforeAll
  static void start() {
    server = TestServer.start(home);
    secret = server.client("before", ClientRight.CLIENT_CREDENTIALS, false, Set.of("a"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> token(String client, String password) {
    return server.token(ListenerName.PUBLIC, TestServer.credentials(client, password, "shop"));
  }

  private static void killPostgres() {
    var postmaster = ProcessHandle.of(server.bean(Database.class).pid()).orElseThrow();
    assertThat(postmaster.destroyForcibly()).isTrue();
  }

  private static List<String> alarms() {
    return server.bean(Database.class).alarms().stream().map(Alarm::code).toList();
  }

  private static boolean isBack() {
    return alarms().equals(List.of("database_restarted"));
  }

  /// Whether what an operator does is kept: his new client gets its secret.
  private static boolean keeps(String client) {
    try {
      var made = server.client(client, ClientRight.CLIENT_CREDENTIALS, false, Set.of("a"));
      assertThat(token(client, made).statusCode()).isEqualTo(200);
      return true;
    } catch (DataAccessException | TransactionException e) {
      return false;
    }
  }

  @Test
  @Order(1)
  void postgres_killed_isBackWithoutAnybodysHelp() {
    assertThat(token("before", secret).statusCode()).isEqualTo(200);
    var before = server.bean(Database.class).pid();

    killPostgres();

    Until.isTrue(
        "another", PATIENCE, () -> server.bean(Database.class).pid() != before && isBack());
    Until.isTrue("a client can be made", PATIENCE, () -> keeps("after"));
    assertThat(token("before", secret).statusCode()).isEqualTo(200);
    assertThat(status()).contains("\"database_restarted\"");
    assertHealthy();
  }

  private static HttpResponse<String> health(ListenerName listener, String path) {
    return server.send(server.request(listener, path));
  }

  private static void assertHealthy() {
    for (var listener : List.of(ListenerName.PUBLIC, ListenerName.INTERNAL)) {
      assertThat(health(listener, "/livez").body()).isEqualTo("{\"alive\":true}");
    }
    assertThat(health(ListenerName.PUBLIC, "/readyz").body()).isEqualTo("{\"issuing\":true}");
    assertThat(health(ListenerName.INTERNAL, "/readyz").body())
        .isEqualTo("{\"verifying\":true,\"personal_data\":true}");
  }

  /// A process in PostgreSQL's folder keeps it from starting, for as long as this test wants.
  @Test
  @Order(2)
  @Tag("full")
  void postgres_away_tokensEndWithTheLeaseAndComeAgain() throws Exception {
    var inTheWay = sleepIn(home.resolve("data/postgres/data"));
    try {
      killPostgres();
      assertThat(token("before", secret).statusCode()).isEqualTo(200);
      Until.get("503", PATIENCE, () -> token("before", secret).statusCode(), code -> code == 503);
      assertThat(alarms()).containsExactly("database_down");
      assertThat(status()).contains("\"database_down\"");
      assertThat(answered("/metrics"))
          .contains("ingam_alarms{code=\"database_down\"} 1")
          .contains("ingam_issuing 0");
      assertThat(health(ListenerName.PUBLIC, "/livez").statusCode()).isEqualTo(200);
      assertThat(health(ListenerName.PUBLIC, "/readyz").statusCode()).isEqualTo(503);
      Until.get(
          "no personal data",
          PATIENCE,
          () -> health(ListenerName.INTERNAL, "/readyz"),
          answer -> answer.body().equals("{\"verifying\":true,\"personal_data\":false}"));
      assertThat(health(ListenerName.INTERNAL, "/readyz").statusCode()).isEqualTo(200);
    } finally {
      inTheWay.destroyForcibly().waitFor();
    }
    Until.isTrue("back", PATIENCE, DatabaseAwayTest::isBack);
    Until.get("200", PATIENCE, () -> token("before", secret).statusCode(), code -> code == 200);
    assertHealthy();
    Until.isTrue("a client can be made", PATIENCE, () -> keeps("later"));
  }

  private static String rootCredential() {
    var file = server.bean(Installation.class).secretsDir().resolve("root-credential");
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String status() {
    return answered("/admin/status");
  }

  private static String answered(String path) {
    var answer =
        server.send(
            server
                .request(ListenerName.ADMIN, path)
                .header("Authorization", "Bearer " + rootCredential()));
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private static Process sleepIn(Path folder) throws IOException {
    return new ProcessBuilder("sleep", "600").directory(folder.toFile()).start();
  }
}
