package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.route.DataClass;
import dev.ingam.issuance.route.PathPattern;
import dev.ingam.issuance.route.Route;
import dev.ingam.keys.Installation;
import dev.ingam.keys.KeysException;
import dev.ingam.server.backup.Restore;
import dev.ingam.server.postgres.EmbeddedPostgres;
import dev.ingam.server.start.Secret;
import dev.ingam.server.start.Settings;
import dev.ingam.server.start.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// The server on a PostgreSQL of the operator, whose roles have the names that he likes.
class OperatorsDatabaseTest {
  private static final List<String> ROLES = List.of("Shop-Server", "shop_server_2", "shop-Owner");

  private static final Route EVERYTHING =
      new Route("all", "*", PathPattern.of("/**"), "shop", Set.of(), DataClass.NONE, false, true);

  @TempDir static Path home;
  private static EmbeddedPostgres postgres;
  private static String address;
  private static String password;

  @BeforeAll
  static void start() throws Exception {
    var secrets = Files.createDirectory(home.resolve("operator-secrets"));
    postgres =
        EmbeddedPostgres.start(
            home.resolve("operator"), secrets, new SecureRandom(), Clock.systemUTC(), stop -> {});
    address = postgres.access().url().replaceFirst("/[^/]*$", "/");
    password = Files.readString(secrets.resolve("database-ingam_admin.password")).strip();
    for (var role : ROLES) {
      admin("CREATE ROLE \"" + role + "\" LOGIN PASSWORD 'a password'");
    }
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  private static void admin(String sql) {
    var source = new DriverManagerDataSource(address + "postgres", "ingam_admin", password);
    JdbcClient.create(source).sql(sql).update();
  }

  private static Map<String, String> database(String name, String server) {
    var settings = new HashMap<String, String>();
    settings.put("ingam.database.url", address + name);
    settings.put("ingam.database.username", server);
    settings.put("ingam.database.password", "a password");
    settings.put("ingam.database.owner-username", "shop-Owner");
    settings.put("ingam.database.owner-password", "a password");
    return settings;
  }

  private static void make(String name) {
    admin("CREATE DATABASE " + name + " OWNER \"shop-Owner\"");
  }

  @Test
  void roles_ofAnyName_areHonoured_andMayChange() {
    make("honoured");
    var folder = home.resolve("honoured");
    String secret;
    try (var server = TestServer.start(folder, database("honoured", "Shop-Server"))) {
      secret = server.client("kept", ClientRight.CLIENT_CREDENTIALS, false, Set.of("a"));
      assertThat(server.clientToken("kept", secret)).isNotEmpty();
      assertThat(server.issuance().alarms()).isEmpty();
    }
    try (var server = TestServer.start(folder, database("honoured", "shop_server_2"))) {
      assertThat(server.clientToken("kept", secret)).isNotEmpty();
      server.client("later", ClientRight.CLIENT_CREDENTIALS, false, Set.of("a"));
    }
    assertThat(owners("honoured")).containsExactly("shop-Owner");
  }

  private static List<String> owners(String name) {
    var source = new DriverManagerDataSource(address + name, "ingam_admin", password);
    return JdbcClient.create(source)
        .sql("select distinct tableowner from pg_tables where schemaname in ('keys', 'issuance')")
        .query(String.class)
        .list();
  }

  @Test
  void role_thatDoesNotExist_isNamed() {
    make("nobody");
    var settings = database("nobody", "ingam_server_of_mine");
    assertThat(refusal(home.resolve("nobody"), settings)).contains("ingam_server_of_mine");
  }

  @Test
  void role_ofANameThatCannotBeQuoted_isRefusedBeforeAnythingStarts() {
    for (var name : List.of("a\"; drop schema keys; --", "public", "pg_monitor", "", "a b")) {
      assertThat(refusal(home.resolve("quoted"), database("quoted", name)))
          .contains("ingam.database");
    }
    assertThat(home.resolve("quoted")).doesNotExist();
  }

  /// What holds for the role that migrates says nothing of the one that works.
  @Test
  void role_whoseCommitsAreNotDurable_isRefused() {
    make("durable");
    admin("ALTER ROLE shop_server_2 IN DATABASE durable SET synchronous_commit = off");
    assertThat(refusal(home.resolve("durable"), database("durable", "shop_server_2")))
        .contains("synchronous_commit = off");
  }

  /// Into a database that is empty; one in which there is something stays as it is, and one into
  /// which nothing could be restored is empty again.
  @Test
  void backup_isRestoredIntoAnotherDatabase() throws Exception {
    make("before");
    make("after");
    var folder = home.resolve("moved");
    var settings = new HashMap<>(database("before", "Shop-Server"));
    settings.put("ingam.issuer", "https://ingam.example");
    Path archive;
    String token;
    try (var server = TestServer.start(folder, settings)) {
      var secret = server.client("kept", ClientRight.CLIENT_CREDENTIALS, false, Set.of("a"));
      server.issuance().routes().add(EVERYTHING, "test");
      token = server.clientToken("kept", secret);
      Restored.settle(server, () -> server.clientToken("kept", secret));
      archive = Restored.backup(server, folder.resolve("ingam.backup"));
    }
    Restored.lose(folder.resolve("data"));
    var key = Restored.key(folder);
    var secrets = folder.resolve("secrets");
    var data = folder.resolve("again");

    assertThatThrownBy(() -> Restore.run(archive, key, target(data, secrets, "before")))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("empty database");
    assertThat(owners("before")).containsExactly("shop-Owner");
    assertThatThrownBy(
            () -> Restore.run(archive, key, target(data, otherSecrets(secrets), "after")))
        .isInstanceOf(KeysException.class);
    assertThat(owners("after")).isEmpty();
    assertThat(data).doesNotExist();

    Restore.run(archive, key, target(data, secrets, "after"));
    settings.putAll(database("after", "Shop-Server"));
    settings.put("ingam.data-dir", data.toString());
    try (var server = TestServer.start(folder, settings)) {
      assertThat(server.gate("GET", "/x", token).statusCode()).isEqualTo(200);
    }
  }

  private static Restore.Target target(Path data, Path secrets, String name) {
    var word = new Secret("a password");
    var database = new Settings.Database(address + name, "Shop-Server", word, "shop-Owner", word);
    return new Restore.Target(
        data, secrets, database, Restored.KEYS, Clock.systemUTC(), new SecureRandom(), stop -> {});
  }

  /// Those of the installation, with another master key.
  private static Path otherSecrets(Path secrets) throws Exception {
    var other = secrets.resolveSibling("other-secrets");
    new ProcessBuilder("cp", "-a", secrets.toString(), other.toString()).start().waitFor();
    try (var installations = Files.list(other)) {
      var master = installations.findFirst().orElseThrow().resolve("sealing.master");
      Files.writeString(master, "A".repeat(43) + "\n");
    }
    return other;
  }

  private static String refusal(Path folder, Map<String, String> settings) {
    try (var server = TestServer.start(folder, settings)) {
      throw new AssertionError("started with " + server.bean(Installation.class));
    } catch (RuntimeException e) {
      var message = ServerMain.explanation(e);
      assertThat(message).as(e.toString()).isNotNull();
      return message;
    }
  }
}
