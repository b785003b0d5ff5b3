package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.ClientAuthentication;
import dev.ingam.issuance.client.ClientChange;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.client.ClientSettings;
import dev.ingam.issuance.route.DataClass;
import dev.ingam.issuance.route.PathPattern;
import dev.ingam.issuance.route.Route;
import dev.ingam.keys.Installation;
import dev.ingam.keys.Keyring;
import dev.ingam.server.door.ListenerName;
import dev.ingam.testkit.Until;
import dev.ingam.wire.AccessToken;
import dev.ingam.wire.JsonObject;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Serial;
import dev.ingam.wire.TokenReader;
import dev.ingam.wire.TokenReading;
import dev.ingam.wire.TokenWriter;
import dev.ingam.wire.TrustLevel;
import dev.ingam.wire.Verdict;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trust levels of one server through its doors, as on a company's first day.
class TrustServerTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path home;
  private TestServer server;
  private String shop;
  private String api;
  private DistantService service;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start(home);
    shop = client("shop-job", ClientRight.CLIENT_CREDENTIALS);
    api = client("shop-api", ClientRight.INTROSPECTION);
    assertThat(
            server.issuance().routes().add(route("prices", "/prices", DataClass.INTERNAL), "test"))
        .hasToString("ADDED");
    service =
        new DistantService(server, server.client("service", ClientRight.LEDGER, false, Set.of()));
  }

  @AfterEach
  void stop() {
    service.close();
    server.close();
  }

  private String client(String id, ClientRight right) {
    var settings =
        new ClientSettings(
            id,
            new ClientAuthentication.ClientSecret(),
            Set.of(right),
            Set.of("read"),
            Set.of("shop"),
            Duration.ofMinutes(5),
            false);
    var change = server.issuance().clients().create(settings, "test");
    return ((ClientChange.Changed) change).secret().reveal();
  }

  private static Route route(String id, String path, DataClass data) {
    return new Route(id, "GET", PathPattern.of(path), "shop", Set.of(), data, false, true);
  }

  private HttpResponse<String> admin(String method, String path, String body) {
    try {
      var credential =
          Files.readString(server.bean(Installation.class).secretsDir().resolve("root-credential"));
      return server.send(
          server
              .request(ListenerName.ADMIN, path)
              .header("Authorization", "Bearer " + credential.strip())
              .header("Content-Type", "application/json")
              .method(method, BodyPublishers.ofString(body)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private HttpResponse<String> put(String members) {
    var list = JsonObject.read(admin("GET", "/admin/audiences", "").body()).objects("audiences");
    var version = list.isEmpty() ? "" : ",\"version\":" + list.getFirst().number("version");
    return admin("PUT", "/admin/audiences", "{\"audience\":\"shop\"," + members + version + "}");
  }

  private void trust(String members) {
    var answer = put(members);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private void lower(String level) {
    trust("\"data\":\"internal\",\"trust\":\"" + level + "\",\"why\":\"first day\"");
  }

  private Map<Reason, Long> observed() {
    return server.issuance().observed().total();
  }

  private static void assertObserved(Verdict verdict, Reason reason) {
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Accepted.class, it -> assertThat(it.observed()).isEqualTo(reason));
  }

  private static void assertRefused(Verdict verdict, Reason reason) {
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Refused.class, it -> assertThat(it.reason()).isEqualTo(reason));
  }

  /// What a thief makes who holds the signing key: the same claims under a serial of his own.
  private String forged(String like) {
    var claims = ((TokenReading.Read) new TokenReader().read(like)).token().claims();
    var ring = server.bean(Keyring.class);
    var key = ring.active("access");
    var writer = new TokenWriter();
    var input =
        writer.signingInput(
            new AccessToken(
                new AccessToken.Header(key.algorithm(), key.kid()),
                new AccessToken.Claims(
                    claims.issuer(),
                    claims.subject(),
                    claims.audience(),
                    claims.clientId(),
                    claims.issuedAt(),
                    claims.expiresAt(),
                    new Serial(1, 2, new SecureRandom().nextLong()),
                    claims.scope(),
                    null)));
    return writer.complete(input, ring.sign(key, input));
  }

  private String reason(HttpResponse<String> answer) {
    return answer.headers().firstValue("X-Ingam-Reason").orElse("none");
  }

  /// The first day: the service's way to the ledger is not open yet. Nobody is turned away,
  /// everything that would have been is counted, and when it is open both proofs are required.
  @Test
  void firstDay_nobodyIsTurnedAway_andAllIsSeen() {
    var token = server.clientToken("shop-job", shop);
    service.cut = true;
    service.knows(TrustLevel.REQUIRED);
    assertRefused(service.verify(token), Reason.LEDGER_UNAVAILABLE);

    lower("observe");
    service.knows(TrustLevel.OBSERVE);
    for (var i = 0; i < 3; i++) {
      assertObserved(service.verify(token), Reason.LEDGER_UNAVAILABLE);
    }
    Until.isTrue(
        "the server has seen them",
        LONG,
        () -> observed().getOrDefault(Reason.LEDGER_UNAVAILABLE, 0L) == 3);
    assertThat(server.issuance().proofs().counts()).as("they were honest").isEmpty();
    var list = admin("GET", "/admin/audiences", "").body();
    assertThat(list)
        .contains("\"trust\":\"observe\"", "\"ledger_unavailable\":3", "\"trust_until\"");
    var status = admin("GET", "/admin/status", "").body();
    assertThat(status).contains("trust_lowered", "--trust required", "ledger_unavailable 3");

    service.cut = false;
    assertThat(((Verdict.Accepted) service.verify(token)).ground()).isEqualTo(TrustLevel.REQUIRED);
    service.cut = true;
    trust("\"trust\":\"required\"");
    service.knows(TrustLevel.REQUIRED);
    assertRefused(service.verify(token), Reason.LEDGER_UNAVAILABLE);
    assertThat(admin("GET", "/admin/status", "").body()).doesNotContain("trust_lowered");
  }

  /// What was never issued passes once at a service that observes, is a proof, and then never
  /// again: the key is known to be out.
  @Test
  void forgeryObservedByAService_isAProof_andTheKeyOpensNothingMore() {
    var honest = server.clientToken("shop-job", shop);
    var first = forged(honest);
    var second = forged(honest);
    var stolen = server.bean(Keyring.class).active("access").kid();
    lower("observe");
    service.knows(TrustLevel.OBSERVE);

    assertObserved(service.verify(first), Reason.NOT_ISSUED);

    assertThat(server.bean(Keyring.class).find(stolen).state()).isEqualTo(KeyState.TAINTED);
    Until.isTrue("counted", LONG, () -> observed().getOrDefault(Reason.NOT_ISSUED, 0L) >= 1);
    Until.isTrue(
        "the service knows the key is out",
        LONG,
        () -> service.verify(second) instanceof Verdict.Refused);
    assertRefused(service.verify(second), Reason.NOT_ISSUED);
    assertThat(((Verdict.Accepted) service.verify(honest)).ground()).isEqualTo(TrustLevel.REQUIRED);
    assertThat(server.issuance().proofs().counts()).hasSize(1);

    trust("\"trust\":\"required\"");
    service.knows(TrustLevel.REQUIRED);
    assertRefused(service.verify(forged(honest)), Reason.NOT_ISSUED);
  }

  /// The gate knows the proof before it answers.
  @Test
  void forgeryAtTheGate_isRefusedUnderObserve() {
    lower("observe");
    var honest = server.clientToken("shop-job", shop);

    var answer = server.gate("GET", "/prices", forged(honest));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(reason(answer)).isEqualTo("not_issued");
    assertThat(server.gate("GET", "/prices", honest).statusCode()).isEqualTo(200);
    assertThat(observed()).isEmpty();
  }

  /// A book on a broken disk: doubt, which the gate forgives where the audience is observed, on
  /// routes that serve no personal data.
  @Test
  void doubtAtTheGate_isForgivenUnderObserveAlone() throws IOException {
    var token = server.clientToken("shop-job", shop);
    damage(token);
    assertThat(server.gate("GET", "/prices", token).statusCode()).isEqualTo(503);
    assertThat(introspect(token).statusCode()).isEqualTo(503);

    lower("observe");
    var observed = server.gate("GET", "/prices", token);
    assertThat(observed.statusCode()).isEqualTo(200);
    assertThat(observed.headers().firstValue("X-Ingam-Observed")).contains("ledger_doubt");
    assertThat(introspect(token).body()).contains("\"active\":true");
    assertThat(observed()).containsOnlyKeys(Reason.LEDGER_DOUBT);
    lower("off");
    assertThat(server.gate("GET", "/prices", token).headers().firstValue("X-Ingam-Observed"))
        .contains("off");
    trust("\"trust\":\"required\"");
    assertThat(server.gate("GET", "/prices", token).statusCode()).isEqualTo(503);
  }

  private void damage(String token) throws IOException {
    var serial = ((TokenReading.Read) new TokenReader().read(token)).token().claims().serial();
    var book = home.resolve("data/ledger/%08x.book".formatted(serial.book()));
    try (var file = FileChannel.open(book, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(32), 4096 + 32L * serial.slot());
    }
  }

  private HttpResponse<String> introspect(String token) {
    return server.send(
        server
            .request(ListenerName.PUBLIC, "/oauth2/introspect")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                BodyPublishers.ofString(
                    "client_id=shop-api&client_secret=" + api + "&token=" + token)));
  }

  /// What the ledger has evidence against is refused on every level where it is asked.
  @Test
  void revokedToken_isRefusedUnderObserve() {
    lower("observe");
    service.knows(TrustLevel.OBSERVE);
    var token = server.clientToken("shop-job", shop);
    var revoked =
        server.send(
            server
                .request(ListenerName.PUBLIC, "/oauth2/revoke")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(
                    BodyPublishers.ofString(
                        "client_id=shop-job&client_secret=" + shop + "&token=" + token)));
    assertThat(revoked.statusCode()).isEqualTo(200);

    assertRefused(service.verify(token), Reason.REVOKED);
    assertThat(reason(server.gate("GET", "/prices", token))).isEqualTo("revoked");
    assertThat(introspect(token).body()).isEqualTo("{\"active\":false}");
  }

  @Test
  void watermark_holdsUnderOff() {
    lower("off");
    service.knows(TrustLevel.OFF);
    var token = server.clientToken("shop-job", shop);
    assertThat(((Verdict.Accepted) service.verify(token)).ground()).isEqualTo(TrustLevel.OFF);
    var order =
        "{\"before\":\"now\",\"target\":\"client\",\"value\":\"shop-job\",\"why\":\"drill\"}";
    assertThat(admin("POST", "/admin/watermarks", order).statusCode()).isEqualTo(200);

    assertThat(reason(server.gate("GET", "/prices", token))).isEqualTo("revoked");
    Until.isTrue("the service knows", LONG, () -> service.verify(token) instanceof Verdict.Refused);
    assertRefused(service.verify(token), Reason.REVOKED);
  }

  @Test
  void adminApi_refusesWhatWidensTooMuch() {
    for (var members :
        List.of(
            "\"trust\":\"observe\",\"why\":\"x\"", // data is personal by default
            "\"data\":\"personal\",\"trust\":\"off\",\"why\":\"x\"",
            "\"data\":\"internal\",\"trust\":\"observe\"",
            "\"data\":\"internal\",\"trust\":\"observe\",\"why\":\" \"",
            "\"data\":\"internal\",\"trust\":\"trusted\",\"why\":\"x\"",
            "\"data\":\"secret\",\"trust\":\"off\",\"why\":\"x\"",
            "\"data\":\"internal\",\"trust\":\"off\",\"why\":\"x\",\"until\":\"soon\"",
            "\"data\":\"internal\",\"trust\":\"off\",\"why\":\"x\",\"until\":\"2999-01-01T00:00:00Z\"",
            "\"data\":\"internal\",\"trust\":\"off\",\"why\":\"x\",\"until\":\"2020-01-01T00:00:00Z\"",
            "\"data\":\"internal\",\"until\":\"2999-01-01T00:00:00Z\"",
            "\"data\":\"internal\",\"why\":\"x\"")) {
      assertThat(put(members).statusCode()).as(members).isEqualTo(400);
    }
    assertThat(JsonObject.read(admin("GET", "/admin/audiences", "").body()).objects("audiences"))
        .isEmpty();
    var personal =
        "{\"method\":\"GET\",\"path\":\"/me\",\"audience\":\"shop\",\"data\":\"personal\"}";
    lower("observe");
    assertThat(admin("POST", "/admin/routes", personal).statusCode()).isEqualTo(409);
    assertThat(put("\"data\":\"personal\",\"trust\":\"required\"").statusCode()).isEqualTo(409);
    trust("\"trust\":\"required\"");
    assertThat(admin("POST", "/admin/routes", personal).statusCode()).isEqualTo(201);
    var again = put("\"trust\":\"observe\",\"why\":\"x\"");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.body()).contains("route of personal data");
  }

  @Test
  void dryRun_namesWhatIsGivenUp_andChangesNothing() {
    var answer = put("\"data\":\"internal\",\"trust\":\"observe\",\"why\":\"x\",\"dry_run\":true");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("GIVEN UP", "trust_lowered", "\"dry_run\":true");
    assertThat(JsonObject.read(admin("GET", "/admin/audiences", "").body()).objects("audiences"))
        .isEmpty();
    assertThat(server.issuance().trust().of("shop")).isEqualTo(TrustLevel.REQUIRED);
  }
}
