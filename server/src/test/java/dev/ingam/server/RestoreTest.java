package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.route.DataClass;
import dev.ingam.issuance.route.PathPattern;
import dev.ingam.issuance.route.Route;
import dev.ingam.keys.Alarm;
import dev.ingam.keys.KeyLifecycle;
import dev.ingam.keys.KeyView;
import dev.ingam.server.door.ListenerName;
import dev.ingam.testkit.Until;
import dev.ingam.wire.KeyState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server is backed up while it issues, is lost, and comes back from the archive in an empty
/// folder.
class RestoreTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String ISSUER = "https://ingam.example";
  private static final int FOR_LATER = 20;

  @TempDir static Path home;
  private static TestServer server;
  private static String many;
  private static String once;
  private static final List<String> before = new ArrayList<>();
  private static final Queue<String> meanwhile = new ConcurrentLinkedQueue<>();
  private static final List<String> after = new ArrayList<>();
  private static String used;
  private static String unused;
  private static String signedBefore;

  @BeforeAll
  static void loseAndRestore() throws Exception {
    server = TestServer.start(home, Map.of("ingam.issuer", ISSUER));
    many = server.client("many", ClientRight.CLIENT_CREDENTIALS, false, Set.of("a"));
    once = server.client("once", ClientRight.CLIENT_CREDENTIALS, true, Set.of("a"));
    var route =
        new Route("all", "*", PathPattern.of("/**"), "shop", Set.of(), DataClass.NONE, false, true);
    server.issuance().routes().add(route, "test");
    used = server.clientToken("once", once);
    unused = server.clientToken("once", once);
    assertThat(verdict(used)).isEqualTo("accepted");
    issue(before);
    signedBefore = active().kid();
    Restored.settle(server, () -> server.clientToken("many", many));
    var archive = backupUnderTraffic();
    issue(after);
    server.close();
    Restored.lose(home.resolve("data"));
    Restored.restore(archive, home, home.resolve("again"));
    server =
        TestServer.start(
            home,
            Map.of("ingam.issuer", ISSUER, "ingam.data-dir", home.resolve("again").toString()));
  }

  private static Path backupUnderTraffic() throws Exception {
    var stop = new AtomicBoolean();
    var traffic =
        Thread.ofVirtual()
            .start(() -> {
              while (!stop.get()) {
                meanwhile.add(server.clientToken("many", many));
              }
            });
    Until.isTrue("traffic", PATIENCE, () -> meanwhile.size() > FOR_LATER);
    Restored.settleUnderTraffic(server);
    var archive = Restored.backup(server, home.resolve("ingam.backup"));
    stop.set(true);
    traffic.join();
    return archive;
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void issue(List<String> tokens) {
    for (int i = 0; i < FOR_LATER; i++) {
      tokens.add(server.clientToken("many", many));
    }
  }

  private static String verdict(String token) {
    var answer = server.gate("GET", "/x", token);
    return answer.statusCode() == 200
        ? "accepted"
        : answer.headers().firstValue("X-Ingam-Reason").orElse("none");
  }

  private static KeyView active() {
    return keys().filter(key -> key.state() == KeyState.ACTIVE).findFirst().orElseThrow();
  }

  private static Stream<KeyView> keys() {
    return server.bean(KeyLifecycle.class).list().stream();
  }

  @Test
  void token_enteredBeforeTheBackup_isAccepted() {
    assertThat(before).allSatisfy(token -> assertThat(verdict(token)).isEqualTo("accepted"));
  }

  @Test
  void token_issuedAfterTheBackup_isDoubtAndNoProof() {
    assertThat(after).allSatisfy(token -> assertThat(verdict(token)).isEqualTo("ledger_doubt"));
    assertThat(server.issuance().proofs().counts()).isEmpty();
  }

  /// One or the other for each, and those that came first are the accepted ones.
  @Test
  void token_issuedDuringTheBackup_isAcceptedUpToOneMomentAndDoubtBehindIt() {
    var verdicts = meanwhile.stream().map(RestoreTest::verdict).toList();
    assertThat(verdicts).isSubsetOf("accepted", "ledger_doubt");
    var first = verdicts.indexOf("ledger_doubt");
    assertThat(verdicts.subList(Math.max(first, 0), verdicts.size()))
        .allMatch(first < 0 ? "accepted"::equals : "ledger_doubt"::equals);
    assertThat(verdicts).contains("accepted");
    assertThat(server.issuance().proofs().counts()).isEmpty();
  }

  /// Whether the unused one was used since, nobody knows.
  @Test
  void singleUse_isNotRedeemedTwice() {
    assertThat(verdict(used)).isEqualTo("already_redeemed");
    assertThat(verdict(unused)).isEqualTo("ledger_doubt");
  }

  @Test
  void newTokens_areIssuedAndHonouredUnderANewKeyInANewEpoch() {
    var token = server.clientToken("once", once);
    assertThat(verdict(token)).isEqualTo("accepted");
    assertThat(verdict(token)).isEqualTo("already_redeemed");
    assertThat(Restored.epoch(server)).isEqualTo(2);
    assertThat(active().kid()).isNotEqualTo(signedBefore);
  }

  @Test
  void oldKeys_verifyAndHaveNoPrivateHalf() {
    var old = keys().filter(key -> key.kid().equals(signedBefore)).findFirst().orElseThrow();
    assertThat(old.state()).isEqualTo(KeyState.RETIRING);
    assertThat(old.privateHalf()).isFalse();
    var jwks = server.send(server.request(ListenerName.PUBLIC, "/oauth2/jwks")).body();
    assertThat(jwks).contains(signedBefore, active().kid());
  }

  @Test
  void nothing_isTakenForATheft() {
    var codes =
        Stream.of(server.bean(KeyLifecycle.class).alarms(), server.issuance().alarms())
            .flatMap(List::stream)
            .map(Alarm::code);
    assertThat(codes.toList()).isSubsetOf("verifiers_must_refetch", "unproven");
    assertThat(server.issuance().events().after(0, 1_000))
        .extracting(event -> event.type())
        .contains("restored")
        .doesNotContain("theft_proven");
  }

  @Test
  void archive_holdsNoKeyAndNoText() throws IOException {
    var bytes = Files.readString(home.resolve("ingam.backup"), StandardCharsets.ISO_8859_1);
    assertThat(bytes)
        .startsWith("INGAMBA1")
        .endsWith("INGAMEND")
        .doesNotContain("many", "issuance");
  }
}
