package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.session.SessionId;
import dev.ingam.issuance.watermark.Watermarks;
import dev.ingam.keys.row.Recall;
import dev.ingam.keys.row.RowMac;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.Reason;
import dev.ingam.wire.TokenReader;
import dev.ingam.wire.TokenReading;
import dev.ingam.wire.Watermark.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Everything issued before a moment, taken back in a whole authority.
class RevocationsTest {
  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  private static final Caller SHOP = new Caller("shop-api", Set.of(Internal.LEDGER_SCOPE));

  private IssuanceFixture house;
  private String secret;
  private long requests;
  @TempDir private Path folder;

  @BeforeEach
  void open() {
    house = new IssuanceFixture(DATABASE, folder);
    secret = house.secretClient("shop", Set.of(ClientRight.CLIENT_CREDENTIALS));
    house.keyClient("web", ClientRight.TOKEN_EXCHANGE);
  }

  @AfterEach
  void close() {
    house.close();
  }

  private static Watermarks.Order order(Target target, String value, @Nullable Instant before) {
    return new Watermarks.Order(target, value, before, "test", "drill");
  }

  private void revoke(Target target, String value) {
    assertThat(house.issuance.revocations().revoke(order(target, value, null)))
        .isInstanceOf(Revocations.Revoked.class);
  }

  private String token() {
    return house.token("shop", secret);
  }

  private LedgerItem item(String token, boolean once) {
    var read = (TokenReading.Read) new TokenReader().read(token);
    var jti = read.token().claims().serial().toString();
    var id = Base64Url.encode(ByteBuffer.allocate(16).putLong(++requests).putLong(0).array());
    return new LedgerItem(id, jti, once, token);
  }

  private Reason lookup(String token) {
    return house.issuance.ledgerQueries().lookup(SHOP, List.of(item(token, false))).get(0).reason();
  }

  private TokenResponse exchange(String subject, String session) {
    return house.post(
        Listener.INTERNAL, house.exchange("web", house.subjectToken(subject, session)));
  }

  private static String tokenOf(TokenResponse response) {
    assertThat(response.status()).isEqualTo(200);
    return IssuanceFixture.json(response).string("access_token");
  }

  @Test
  void all_isRevokedForEveryQuestion() {
    var token = token();
    var request = item(token, true);
    var queries = house.issuance.ledgerQueries();
    assertThat(queries.redeem(SHOP, List.of(request)).get(0).reason()).isNull();
    var other = token();

    revoke(Target.ALL, "");

    assertThat(queries.redeem(SHOP, List.of(request)).get(0).reason())
        .as("a retry that was accepted before")
        .isEqualTo(Reason.REVOKED);
    assertThat(lookup(other)).isEqualTo(Reason.REVOKED);
    assertThat(queries.report(SHOP, List.of(item(other, false))).get(0).reason())
        .isEqualTo(Reason.REVOKED);
    assertThat(queries.inProcess("gate").lookup(item(other, false))).isEqualTo(Reason.REVOKED);
    assertThat(queries.inProcess("gate").redeem(item(other, false))).isEqualTo(Reason.REVOKED);
    assertThat(lookup(token())).as("issued after").isNull();
    assertThat(house.issuance.proofs().counts()).isEmpty();
  }

  /// Doubt is forgiven where trust is lowered; a watermark is not.
  @Test
  void tokenInADamagedSlot_isRevokedAndNotInDoubt() throws IOException {
    var token = token();
    damage(token);
    assertThat(lookup(token)).isEqualTo(Reason.LEDGER_DOUBT);

    revoke(Target.ALL, "");

    assertThat(lookup(token)).isEqualTo(Reason.REVOKED);
    assertThat(house.issuance.proofs().counts()).isEmpty();
  }

  private void damage(String token) throws IOException {
    var serial = ((TokenReading.Read) new TokenReader().read(token)).token().claims().serial();
    var name = "%08x.book".formatted(serial.book());
    try (var files = Files.walk(folder)) {
      var book = files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
      try (var channel = FileChannel.open(book, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.allocate(32), 4096 + 32L * serial.slot());
      }
    }
  }

  @Test
  void callerToken_isRevokedToo() {
    var callerSecret = house.secretClient("api", Set.of(ClientRight.LEDGER));
    var form =
        Map.of(
            "grant_type",
            "client_credentials",
            "client_id",
            "api",
            "client_secret",
            callerSecret,
            "audience",
            Internal.AUDIENCE);
    var bearer = "Bearer " + tokenOf(house.post(Listener.PUBLIC, form));
    var callers = house.issuance.callers();
    assertThat(callers.check(bearer, null, Internal.LEDGER_SCOPE))
        .isInstanceOf(CallerReading.Known.class);

    revoke(Target.CLIENT, "api");

    assertThat(callers.check(bearer, null, Internal.LEDGER_SCOPE))
        .isInstanceOfSatisfying(
            CallerReading.Refused.class, it -> assertThat(it.reason()).isEqualTo(Reason.REVOKED));
    var next = "Bearer " + tokenOf(house.post(Listener.PUBLIC, form));
    assertThat(callers.check(next, null, Internal.LEDGER_SCOPE))
        .isInstanceOf(CallerReading.Known.class);
  }

  @Test
  void forgery_staysAProof() {
    var honest = token();
    revoke(Target.ALL, "");
    var serial = item(honest, false).jti();
    var now = house.clock.instant().getEpochSecond();
    var forged =
        house.keys.forge(
            house.keys.activeKid(),
            ("{\"iss\":\"%s\",\"sub\":\"ghost\",\"aud\":\"https://shop.example\","
                    + "\"client_id\":\"shop\",\"iat\":%d,\"exp\":%d,\"jti\":\"%s\"}")
                .formatted(IssuanceFixture.ISSUER, now, now + 300, serial));

    assertThat(lookup(forged)).isEqualTo(Reason.ALTERED);
    assertThat(house.keys.firstCondemnations()).isEqualTo(1);
  }

  @Test
  void tokenInFlight_isRevokedWhenItLeaves() {
    var once = new AtomicBoolean(true);
    house.beforeSigning =
        () -> {
          if (once.getAndSet(false)) {
            revoke(Target.ALL, "");
          }
        };

    assertThat(lookup(token())).isEqualTo(Reason.REVOKED);
    assertThat(lookup(token())).isNull();
  }

  @Test
  void exchangeInFlight_findsItsSessionOver() {
    house.keyClient("login-system", ClientRight.LOGIN_EVENTS);
    for (var target : List.of(Target.ALL, Target.CLIENT, Target.SUBJECT)) {
      var session = house.login("kim");
      var once = new AtomicBoolean(true);
      house.beforeSigning =
          () -> {
            if (once.getAndSet(false)) {
              revoke(target, value(target));
            }
          };

      assertThat(IssuanceFixture.error(exchange("kim", session)))
          .as(target.toString())
          .isEqualTo("400 invalid_grant");
    }
  }

  private static String value(Target target) {
    return switch (target) {
      case ALL -> "";
      case KEY -> "";
      case CLIENT -> "login-system";
      case SUBJECT -> "kim";
    };
  }

  @Test
  void sessions_endWithTheirTarget() {
    house.keyClient("login-system", ClientRight.LOGIN_EVENTS);
    for (var target : List.of(Target.ALL, Target.CLIENT, Target.SUBJECT)) {
      var kim = house.login("kim");
      var token = tokenOf(exchange("kim", kim));

      revoke(target, value(target));

      assertThat(IssuanceFixture.error(exchange("kim", kim))).isEqualTo("400 invalid_grant");
      assertThat(lookup(token))
          .as(target.toString())
          .isEqualTo(target == Target.CLIENT ? null : Reason.REVOKED);
      assertThat(exchange("kim", house.login("kim")).status()).as("logged in again").isEqualTo(200);
    }
    assertThat(house.issuance.exchangesWithoutSession()).as("no alarm").isZero();
  }

  /// What a watermark alone had ended does not live again: neither in this process nor in one that
  /// starts while the clock is wrong.
  @Test
  void sessions_ofAClockPutForwardAndBack_stayEnded() {
    var kim = house.login("kim");
    var session = house.issuance.sessions().find(SessionId.parse(kim)).orElseThrow();
    revoke(Target.ALL, "");
    house.clock.advance(Duration.ofDays(2));
    house.issuance.watermarks().refresh();
    assertThat(house.issuance.watermarks().reached(session)).isTrue();
    var next = nextProcess();
    house.clock.advance(Duration.ofDays(-2));
    house.issuance.watermarks().refresh();
    next.refresh();

    assertThat(house.issuance.watermarks().reached(session)).isTrue();
    assertThat(next.reached(session)).isTrue();
    assertThat(IssuanceFixture.error(exchange("kim", kim))).isEqualTo("400 invalid_grant");
    assertThat(exchange("kim", house.login("kim")).status()).isEqualTo(200);
  }

  private Watermarks nextProcess() {
    var database = DATABASE.serverClient();
    var transactions = new TransactionTemplate(new JdbcTransactionManager(DATABASE.server()));
    return new Watermarks(
        new Watermarks.Storage(
            database,
            transactions,
            new RowMac(house.sealing),
            house.issuance.events(),
            Recall.NONE),
        house.ledger.get(),
        house.sealing,
        house.clock,
        house.nanos::get);
  }

  @Test
  void subject_whileTooManyWatermarksAreInForce_keepsItsSessions() {
    var kim = house.login("kim");
    for (int i = 0; i < Watermarks.MOST; i++) {
      revoke(Target.SUBJECT, "m-" + i);
    }

    assertThat(why(order(Target.SUBJECT, "kim", null))).isEqualTo(Revocations.Why.FULL);

    assertThat(exchange("kim", kim).status()).isEqualTo(200);
  }

  @Test
  void clockPutForwardAndBack_letsNoSessionLiveAgain() {
    var session = house.login("kim");
    revoke(Target.ALL, "");
    house.clock.advance(Duration.ofHours(26));
    house.issuance.watermarks().refresh();
    house.clock.advance(Duration.ofHours(-26));
    house.issuance.watermarks().refresh();

    assertThat(IssuanceFixture.error(exchange("kim", session))).isEqualTo("400 invalid_grant");
  }

  @Test
  void tooManyWatermarks_endNoSession() {
    var session = house.login("kim");
    for (int each = 0; each < Watermarks.MOST; each++) {
      revoke(Target.SUBJECT, "m-" + each);
    }

    assertThat(house.issuance.revocations().revoke(order(Target.SUBJECT, "kim", null)))
        .isInstanceOfSatisfying(
            Revocations.Refused.class,
            refused -> assertThat(refused.why()).isEqualTo(Revocations.Why.FULL));
    assertThat(exchange("kim", session).status()).isEqualTo(200);
  }

  @Test
  void sessionsOfOthers_liveOn() {
    house.keyClient("other-login", ClientRight.LOGIN_EVENTS);
    var lee = house.login("lee");

    revoke(Target.SUBJECT, "kim");
    revoke(Target.CLIENT, "other-login");
    revoke(Target.KEY, house.keys.activeKid());

    assertThat(exchange("lee", lee).status()).isEqualTo(200);
  }

  @Test
  void earlierTime_endsSessionsOpenedBefore() {
    var early = house.login("kim");
    house.clock.advance(Duration.ofMinutes(5));
    var late = house.login("kim");
    var before = house.clock.instant().minusSeconds(120);

    house.issuance.revocations().revoke(order(Target.ALL, "", before));

    assertThat(IssuanceFixture.error(exchange("kim", early))).isEqualTo("400 invalid_grant");
    assertThat(exchange("kim", late).status()).isEqualTo(200);
    house.issuance.revocations().revoke(order(Target.SUBJECT, "kim", before));
    assertThat(exchange("kim", late).status()).isEqualTo(200);
  }

  @Test
  void endedSessionsOfASubject_leaveItsTokens() {
    var session = house.login("kim");
    var token = tokenOf(exchange("kim", session));

    assertThat(house.issuance.revocations().endSessions("kim", "test", "lost phone")).isEqualTo(1);
    assertThat(house.issuance.revocations().endSessions("kim", "test", "lost phone")).isZero();

    assertThat(IssuanceFixture.error(exchange("kim", session))).isEqualTo("400 invalid_grant");
    assertThat(lookup(token)).isNull();
  }

  @Test
  void order_ofWhatDoesNotExist_isRefused() {
    var revocations = house.issuance.revocations();
    var future = house.clock.instant().plusSeconds(1);

    assertThat(why(order(Target.KEY, "nope", null))).isEqualTo(Revocations.Why.NOT_FOUND);
    assertThat(why(order(Target.CLIENT, "nope", null))).isEqualTo(Revocations.Why.NOT_FOUND);
    assertThat(why(order(Target.SUBJECT, "", null))).isEqualTo(Revocations.Why.INVALID);
    assertThat(why(order(Target.ALL, "x", null))).isEqualTo(Revocations.Why.INVALID);
    assertThat(why(order(Target.ALL, "", future))).isEqualTo(Revocations.Why.INVALID);
    assertThat(why(new Watermarks.Order(Target.ALL, "", null, "test", " ")))
        .isEqualTo(Revocations.Why.INVALID);
    assertThat(revocations.effects(order(Target.ALL, "", null)))
        .anyMatch(each -> each.contains("everybody must log in again"));
    assertThat(house.issuance.watermarks().newest(10)).isEmpty();
  }

  private Revocations.Why why(Watermarks.Order order) {
    return ((Revocations.Refused) house.issuance.revocations().revoke(order)).why();
  }

  @Test
  void revokeAll_whileManyAreIssued_missesNoneAndTakesNoneTooMany() throws Exception {
    Map<String, Boolean> mustBeRevoked = new ConcurrentHashMap<>();
    var begun = new CountDownLatch(40);
    var calling = new AtomicBoolean();
    var answered = new AtomicReference<Object>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var issuers =
          IntStream.range(0, 4)
              .mapToObj(i ->
                  threads.submit(() -> {
                    for (int n = 0, after = 0; after < 20 && n < 20_000; n++) {
                      var asked = answered.get() != null;
                      var token = token();
                      var left = !calling.get();
                      if (asked || left) {
                        mustBeRevoked.put(token, left);
                      }
                      after += asked ? 1 : 0;
                      begun.countDown();
                    }
                  }))
              .toList();
      begun.await();
      calling.set(true);
      revoke(Target.ALL, "");
      answered.set(true);
      for (var each : issuers) {
        each.get();
      }
    }

    assertThat(mustBeRevoked).containsValue(true).containsValue(false);
    mustBeRevoked.forEach(
        (token, revoked) -> assertThat(lookup(token)).isEqualTo(revoked ? Reason.REVOKED : null));
  }
}
