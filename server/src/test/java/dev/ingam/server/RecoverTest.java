package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.issuance.audience.Audience;
import dev.ingam.issuance.audience.Lowering;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.route.DataClass;
import dev.ingam.issuance.route.PathPattern;
import dev.ingam.issuance.route.Route;
import dev.ingam.issuance.watermark.Watermarks;
import dev.ingam.keys.KeyLifecycle;
import dev.ingam.keys.KeysException;
import dev.ingam.keys.NodeMemory;
import dev.ingam.server.backup.Recovery;
import dev.ingam.server.backup.Restore;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.postgres.Database;
import dev.ingam.testkit.Until;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.TrustLevel;
import dev.ingam.wire.Watermark;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Yesterday's files of PostgreSQL are put back under a node that knows better, which notices,
/// waits and recovers.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RecoverTest {
  private static final String ISSUER = "https://ingam.example";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir static Path home;
  private static TestServer server;
  private static String secret;
  private static String cutSecret;

  private static String revokedKid;
  private static String newKid;
  private static String ofRevokedKey;
  private static String cut;
  private static String live;
  private static Path archive;
  private static String ofTheNewEpoch;

  @BeforeAll
  static void putYesterdaysDatabaseBack() throws Exception {
    var files = home.resolve("data/postgres/data");
    var yesterday = home.resolve("yesterday");
    server = start();
    secret = server.client("many", ClientRight.CLIENT_CREDENTIALS, false, Set.of("a"));
    cutSecret = server.client("cut", ClientRight.CLIENT_CREDENTIALS, false, Set.of("a"));
    route("open", "/x", DataClass.NONE);
    route("me", "/me", DataClass.PERSONAL);
    trust(new Lowering(TrustLevel.OBSERVE, now(), now().plus(Duration.ofDays(1)), "a pilot"), null);
    server.close();
    run("cp", "-a", files.toString(), yesterday.toString());
    server = start();
    today();
    Restored.settle(server, () -> server.clientToken("many", secret));
    server.bean(NodeMemory.class).keep();
    archive = Restored.backup(server, home.resolve("today.backup"));
    run("cp", "-a", home.resolve("secrets").toString(), secretsOfToday().toString());
    server.close();
    run("rm", "-rf", files.toString());
    run("mv", yesterday.toString(), files.toString());
  }

  /// What the older database does not know: a key that was out and is revoked, its successor, a
  /// watermark, the books of this process.
  private static void today() {
    var lifecycle = server.bean(KeyLifecycle.class);
    ofRevokedKey = server.clientToken("many", secret);
    revokedKid = lifecycle.keyring().active("access").kid();
    lifecycle.taint(revokedKid, "a laptop was stolen", "test");
    lifecycle.revoke(revokedKid, "the ledger was copied too", "test");
    newKid = lifecycle.keyring().active("access").kid();
    assertThat(newKid).isNotEqualTo(revokedKid);
    cut = server.clientToken("cut", cutSecret);
    live = server.clientToken("many", secret);
    var order =
        new Watermarks.Order(Watermark.Target.CLIENT, "cut", null, "test", "its secret is out");
    assertThat(server.issuance().watermarks().make(order)).isPresent();
    trust(null, server.issuance().audiences().list().getFirst().version());
    verdicts_areTodays();
  }

  /// Of an audience that begins beside the log-in that was there before.
  private static void trust(@Nullable Lowering lowered, @Nullable Long version) {
    server
        .issuance()
        .audiences()
        .set(new Audience("pilot", "access", DataClass.INTERNAL, lowered), version, "test");
    assertThat(trust()).isEqualTo(lowered == null ? TrustLevel.REQUIRED : lowered.level());
  }

  private static TrustLevel trust() {
    return server.issuance().trust().of("pilot");
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  private static Path secretsOfToday() {
    return home.resolve("secrets-of-today");
  }

  private static TestServer start() {
    return TestServer.start(home, Map.of("ingam.issuer", ISSUER));
  }

  private static void route(String id, String path, DataClass data) {
    var route = new Route(id, "GET", PathPattern.of(path), "shop", Set.of(), data, false, true);
    server.issuance().routes().add(route, "test");
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void verdicts_areTodays() {
    assertThat(verdict("/x", ofRevokedKey)).isEqualTo("revoked_key");
    assertThat(verdict("/x", cut)).isEqualTo("revoked");
    assertThat(verdict("/x", live)).isEqualTo("accepted");
  }

  private static String verdict(String path, String token) {
    var answer = server.gate("GET", path, token);
    return answer.statusCode() == 200
        ? "accepted"
        : answer.headers().firstValue("X-Ingam-Reason").orElse("none");
  }

  private static HttpResponse<String> token() {
    return server.token(ListenerName.PUBLIC, TestServer.credentials("many", secret, "shop"));
  }

  private static boolean alarms() {
    return server.bean(NodeMemory.class).alarms().stream()
        .anyMatch(alarm -> alarm.code().equals("database_behind"));
  }

  private static Recovery.Report recover(boolean dryRun) {
    return Recovery.run(Restored.target(home.resolve("data"), home.resolve("secrets")), dryRun);
  }

  private static KeyState state(String kid) {
    var key = server.bean(KeyLifecycle.class).show(kid);
    assertThat(key).isNotNull();
    return key.state();
  }

  @Test
  @Order(1)
  void recover_dry_saysWhatAndChangesNothing() {
    var report = recover(true);
    assertThat(report.behind()).isTrue();
    assertThat(report.changes())
        .anyMatch(each -> each.equals("keys.signing_key " + revokedKid + ": active -> revoked"))
        .anyMatch(each -> each.matches("keys.signing_key " + newKid + ": .* -> active"))
        .anyMatch(each -> each.matches("keys.custody_domain .*: signing -> condemned"))
        .anyMatch(each -> each.matches("issuance.book [0-9a-f]{8}: unknown -> as remembered"))
        .anyMatch(each -> each.equals("issuance.watermark 1: unknown -> in force"));
    assertThat(recover(true)).isEqualTo(report);
  }

  @Test
  @Order(2)
  void server_onAnOlderDatabase_issuesNothingAndVerifiesAsBefore() {
    server = start();
    assertThat(alarms()).isTrue();
    var refused = token();
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("database_behind");
    verdicts_areTodays();
    assertThat(server.issuance().proofs().counts()).isEmpty();
    assertThat(server.issuance().mayIssue()).isFalse();
    assertThat(trust()).as("not lowered again").isEqualTo(TrustLevel.REQUIRED);
    assertThat(server.issuance().told().trust()).isEmpty();
  }

  @Test
  @Order(3)
  void personalData_onAnOlderDatabase_isDoubt() {
    assertThat(server.gate("GET", "/me", live).statusCode()).isEqualTo(503);
  }

  @Test
  @Order(4)
  void keys_onAnOlderDatabase_standStill() {
    var lifecycle = server.bean(KeyLifecycle.class);
    assertThatThrownBy(() -> lifecycle.prepare("access", "test"))
        .isInstanceOfSatisfying(
            KeysException.class,
            e -> assertThat(e.code()).isEqualTo(KeysException.Code.DATABASE_BEHIND));
    lifecycle.runDue();
    assertThat(state(revokedKid)).isEqualTo(KeyState.REVOKED);
    assertThat(state(newKid)).isEqualTo(KeyState.ACTIVE);
  }

  /// Also once the older database has come further by itself.
  @Test
  @Order(5)
  void server_startedAgain_stillKnows() {
    server.client("late", ClientRight.CLIENT_CREDENTIALS, false, Set.of("a"));
    server.close();
    server = start();
    assertThat(alarms()).isTrue();
    assertThat(token().statusCode()).isEqualTo(503);
    verdicts_areTodays();
    server.close();
  }

  @Test
  @Order(6)
  void recover_bringsTheDatabaseInLine() {
    assertThat(recover(false).changes())
        .contains("keys.signing_key " + revokedKid + ": active -> revoked");
    var again = recover(false);
    assertThat(again.behind()).isFalse();
    assertThat(again.changes()).isEmpty();

    server = start();
    assertThat(alarms()).isFalse();
    ofTheNewEpoch = server.clientToken("many", secret);
    verdicts_areTodays();
    assertThat(state(revokedKid)).isEqualTo(KeyState.REVOKED);
    assertThat(state(newKid)).as("no key signs in two epochs").isEqualTo(KeyState.RETIRING);
    assertThat(Restored.epoch(server)).isEqualTo(2);
    assertThat(server.issuance().events().after(0, 1_000))
        .extracting(event -> event.type())
        .contains("recovered", "row_recovered");
    assertThat(server.issuance().proofs().counts()).isEmpty();
  }

  @Test
  @Order(7)
  void database_thatGoesBackUnderTheServer_isNoticed() {
    server.bean(NodeMemory.class).keep();
    var access = server.bean(Database.class).access();
    JdbcClient.create(access.connecting(access.owner()))
        .sql(
            "with gone as (delete from keys.event where seq = (select seq from keys.event_head))"
                + " update keys.event_head set seq = seq - 1")
        .update();
    Until.isTrue("noticed", PATIENCE, RecoverTest::alarms);
    assertThat(token().body()).contains("database_behind");
    assertThat(verdict("/x", live)).isEqualTo("accepted");
  }

  /// Archive and secrets are those of before the recovery: its epoch was never heard of there.
  @Test
  @Order(8)
  void tokenOfALaterEpoch_afterRestoringAnEarlierOne_isOfNoKeyAndNoProof() throws Exception {
    server.close();
    Restored.lose(home.resolve("data"));
    var data = home.resolve("again");
    Restore.run(archive, Restored.key(home), Restored.target(data, secretsOfToday()));
    server =
        TestServer.start(
            home,
            Map.of(
                "ingam.issuer",
                ISSUER,
                "ingam.data-dir",
                data.toString(),
                "ingam.secrets-dir",
                secretsOfToday().toString()));
    assertThat(verdict("/x", live)).isEqualTo("accepted");
    assertThat(verdict("/x", ofTheNewEpoch)).isEqualTo("unknown_key");
    assertThat(server.issuance().proofs().counts()).isEmpty();
  }
}
