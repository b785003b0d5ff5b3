package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.ClientRight;
import dev.ingam.keys.Installation;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.postgres.Database;
import dev.ingam.server.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What stops a start: one message each, and afterwards the same folder starts as if nothing had
/// been.
class StartFailureTest {
  @TempDir static Path home;
  private static String publicKeys;
  private static Path secrets;

  @BeforeAll
  static void make() {
    try (var server = TestServer.start(home)) {
      server.client("kept", ClientRight.CLIENT_CREDENTIALS, false, Set.of("a"));
      publicKeys = publicKeys(server);
      secrets = server.bean(Installation.class).secretsDir();
    }
  }

  /// After all that was refused: the same keys, the same clients.
  @AfterAll
  static void nothingIsDamaged() {
    try (var server = TestServer.start(home)) {
      assertThat(publicKeys(server)).isEqualTo(publicKeys);
      assertThat(server.issuance().clients().find("kept")).isPresent();
      assertThat(server.issuance().alarms()).isEmpty();
    }
  }

  private static String publicKeys(TestServer server) {
    return server.send(server.request(ListenerName.PUBLIC, "/oauth2/jwks")).body();
  }

  /// The one message of a start that fails.
  private static String refusal(Path folder, Map<String, String> more) {
    try (var server = TestServer.start(folder, more)) {
      throw new AssertionError("started at " + server.url(ListenerName.PUBLIC));
    } catch (RuntimeException e) {
      var message = ServerMain.explanation(e);
      assertThat(message).as(e.toString()).isNotNull();
      return message;
    }
  }

  @Test
  void port_inUse_isNamedAndNothingIsMade() throws IOException {
    var fresh = home.resolve("port");
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = Integer.toString(taken.getLocalPort());
      assertThat(refusal(fresh, Map.of("ingam.internal.port", port)))
          .contains("port " + port + " of 127.0.0.1")
          .contains("--internal-port");
    }
    assertThat(fresh).doesNotExist();
  }

  @Test
  void settings_wrong_areAllListed() {
    var message =
        refusal(
            home.resolve("settings"),
            Map.of(
                "ingam.public.address", "0.0.0.0",
                "ingam.admin.address", "192.0.2.1",
                "ingam.issuer", "ftp://x",
                "ingam.upstream.issuer", "https://login.example"));
    assertThat(message)
        .contains("4 problem(s)")
        .contains("ingam.public.address")
        .contains("ingam.admin.address")
        .contains("ingam.issuer")
        .contains("ingam.upstream");
    assertThat(home.resolve("settings")).doesNotExist();
  }

  @Test
  void setting_thatDoesNotExist_isNamed() {
    assertThat(refusal(home.resolve("typo"), Map.of("ingam.keys.singfor", "1h")))
        .contains("ingam.keys.singfor");
    assertThat(refusal(home.resolve("typo"), Map.of("ingam.public.port", "many")))
        .contains("ingam.public.port")
        .contains("many");
  }

  @Test
  void keyPolicy_pastItsCeiling_listsEveryProblem() {
    var message =
        refusal(
            home.resolve("policy"),
            Map.of("ingam.keys.sign-for", "1825d", "ingam.keys.publish-ahead", "1s"));
    assertThat(message).contains("2 problem(s)").contains("sign-for").contains("publish-ahead");
    assertThat(home.resolve("policy")).doesNotExist();
  }

  @Test
  void upstream_thatCannotBeRead_isNamed() throws IOException {
    var file = home.resolve("upstream.json");
    Files.writeString(file, "{\"keys\":[]}");
    var settings =
        Map.of("ingam.upstream.issuer", "https://l.example", "ingam.upstream.jwks", "" + file);
    assertThat(refusal(home, settings)).contains(file.toString());
  }

  @Test
  void folder_thatCannotBeWritten_isNamed() {
    assertThat(refusal(Path.of("/proc/ingam"), Map.of())).contains("/proc/ingam");
  }

  @Test
  void folder_inUse_isLeftAlone() {
    try (var server = TestServer.start(home)) {
      assertThat(refusal(home, Map.of())).contains("data");
      assertThat(publicKeys(server)).isEqualTo(publicKeys);
      var database = server.bean(Database.class).access();
      var same =
          Map.of(
              "ingam.database.url", database.url(),
              "ingam.database.username", database.server().role(),
              "ingam.database.password", database.server().password().value(),
              "ingam.database.owner-username", database.owner().role(),
              "ingam.database.owner-password", database.owner().password().value());
      assertThat(refusal(home.resolve("second"), same)).contains("served by no other node");
      assertThat(publicKeys(server)).isEqualTo(publicKeys);
    }
  }

  @Test
  void database_ofAnotherInstallation_isLeftAlone() {
    try (var postgres =
        EmbeddedPostgres.start(
            home.resolve("data"), secrets, new SecureRandom(), Clock.systemUTC(), stop -> {})) {
      var database = postgres.access();
      var foreign =
          Map.of(
              "ingam.database.url", database.url(),
              "ingam.database.username", database.server().role(),
              "ingam.database.password", database.server().password().value(),
              "ingam.database.owner-username", database.owner().role(),
              "ingam.database.owner-password", database.owner().password().value());
      assertThat(refusal(home.resolve("foreign"), foreign)).contains("installation");
    }
  }

  @Test
  void database_thatDoesNotAnswer_isNamed() {
    var nowhere =
        Map.of(
            "ingam.database.url", "jdbc:postgresql://127.0.0.1:1/ingam?connectTimeout=2",
            "ingam.database.username", "a",
            "ingam.database.password", "secret-word",
            "ingam.database.owner-username", "b",
            "ingam.database.owner-password", "secret-word");
    assertThat(refusal(home, nowhere)).contains("database").doesNotContain("secret-word");
  }

  @Test
  void postgres_ofAnotherVersion_namesBackupAndRestore() throws IOException {
    var version = home.resolve("data/postgres/data/PG_VERSION");
    var was = Files.readString(version);
    Files.writeString(version, "17\n");
    try {
      assertThat(refusal(home, Map.of())).contains("17").contains("pg_dump").contains("pg_restore");
    } finally {
      Files.writeString(version, was);
    }
  }

  @Test
  void masterKey_wrong_isNamed() throws IOException {
    for (var domain : new String[] {"domain-1", "sealing"}) {
      var file = secrets.resolve(domain + ".master");
      var was = Files.readAllBytes(file);
      var other = was.clone();
      other[0] = (byte) (other[0] == 'A' ? 'B' : 'A');
      Files.write(file, other);
      try {
        assertThat(refusal(home, Map.of())).contains(domain);
      } finally {
        Files.write(file, was);
      }
    }
  }

  @Test
  void secrets_missing_areNotMadeAnew() throws IOException {
    var away = home.resolve("away");
    Files.move(secrets, away, StandardCopyOption.ATOMIC_MOVE);
    try {
      assertThat(refusal(home, Map.of())).contains(secrets.toString());
      assertThat(secrets).doesNotExist();
    } finally {
      Files.move(away, secrets, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
