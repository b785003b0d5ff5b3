package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.ClientAuthentication;
import dev.ingam.issuance.client.ClientChange;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.testkit.Until;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Serial;
import dev.ingam.wire.TokenReader;
import dev.ingam.wire.TokenReading;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class LedgerQueriesTest {
  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  private static final Caller SHOP = new Caller("shop-api", Set.of(Internal.LEDGER_SCOPE));
  private static final Caller BANK = new Caller("bank-api", Set.of(Internal.LEDGER_SCOPE));

  private IssuanceFixture house;
  private LedgerQueries queries;
  private String secret;
  private long requests;
  @TempDir private Path folder;

  @BeforeEach
  void open() {
    house = new IssuanceFixture(DATABASE, folder);
    queries = house.issuance.ledgerQueries();
    secret = house.secretClient("shop", Set.of(ClientRight.CLIENT_CREDENTIALS));
  }

  @AfterEach
  void close() {
    house.close();
  }

  private String token() {
    return house.token("shop", secret);
  }

  private static String jti(String token) {
    var read = (TokenReading.Read) new TokenReader().read(token);
    return read.token().claims().serial().toString();
  }

  private LedgerItem item(String jti, boolean singleUse, String token) {
    var id = Base64Url.encode(ByteBuffer.allocate(16).putLong(7).putLong(++requests).array());
    return new LedgerItem(id, jti, singleUse, token);
  }

  private LedgerItem item(String token) {
    return item(jti(token), false, token);
  }

  private LedgerItem once(String token) {
    return item(jti(token), true, token);
  }

  private Reason lookup(LedgerItem item) {
    return queries.lookup(SHOP, List.of(item)).getFirst().reason();
  }

  private Reason redeem(Caller caller, LedgerItem item) {
    return queries.redeem(caller, List.of(item)).getFirst().reason();
  }

  private String forged(String jti) {
    var now = house.clock.instant().getEpochSecond();
    var payload =
        ("{\"iss\":\"%s\",\"sub\":\"ghost\",\"aud\":\"https://shop.example\",\"client_id\":\"x\","
                + "\"iat\":%d,\"exp\":%d,\"jti\":\"%s\"}")
            .formatted(IssuanceFixture.ISSUER, now, now + 300, jti);
    return house.keys.forge(house.keys.activeKid(), payload);
  }

  @Test
  void honestToken_isAcceptedAgainAndAgain() {
    var token = token();

    assertThat(lookup(item(token))).isNull();
    assertThat(redeem(SHOP, item(token))).isNull();
    assertThat(redeem(BANK, item(token))).isNull();
    assertThat(house.issuance.proofs().counts()).isEmpty();
  }

  @Test
  void answers_keepOrderAndRequestIds() {
    var items = List.of(item(token()), item(forged("AAAAAAAAAAAAAAAAAAAAAA")), item(token()));

    var answers = queries.lookup(SHOP, items);

    assertThat(answers)
        .extracting(LedgerAnswer::requestId)
        .containsExactlyElementsOf(items.stream().map(LedgerItem::requestId).toList());
    assertThat(answers)
        .extracting(LedgerAnswer::reason)
        .containsExactly(null, Reason.NOT_ISSUED, null);
  }

  @Test
  void singleUse_isAcceptedOnceThenRefusedForEveryone() {
    var token = token();

    assertThat(redeem(SHOP, once(token))).isNull();
    assertThat(redeem(SHOP, once(token))).isEqualTo(Reason.ALREADY_REDEEMED);
    assertThat(redeem(BANK, item(token))).isEqualTo(Reason.ALREADY_REDEEMED);
    assertThat(lookup(item(token))).isEqualTo(Reason.ALREADY_REDEEMED);
  }

  @Test
  void singleUseOfTheEntry_needsNoAsking() {
    var made =
        (ClientChange.Changed)
            house.create(
                "once",
                new ClientAuthentication.ClientSecret(),
                Set.of(ClientRight.CLIENT_CREDENTIALS),
                true);
    var token = house.token("once", made.secret().reveal());

    assertThat(redeem(SHOP, item(token))).isNull();
    assertThat(redeem(SHOP, item(token))).isEqualTo(Reason.ALREADY_REDEEMED);
  }

  @Test
  void retry_getsTheSameAnswerForTenSeconds() {
    var request = once(token());

    assertThat(redeem(SHOP, request)).isNull();
    assertThat(redeem(SHOP, request)).isNull();
    house.nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    assertThat(redeem(SHOP, request)).isNull();
    house.nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(redeem(SHOP, request)).isEqualTo(Reason.ALREADY_REDEEMED);
  }

  @Test
  void retryOfAClientNamedAsTheGate_getsTheSameAnswer() {
    var named = new Caller("gate", Set.of(Internal.LEDGER_SCOPE));
    var request = once(token());

    assertThat(redeem(named, request)).isNull();
    assertThat(redeem(named, request)).isNull();
  }

  @Test
  void retryOfAnotherCallerOrToken_isNone() {
    var request = once(token());
    redeem(SHOP, request);

    assertThat(redeem(BANK, request)).isEqualTo(Reason.ALREADY_REDEEMED);
    var other = token();
    redeem(BANK, once(other));
    var stolenId = new LedgerItem(request.requestId(), jti(other), true, other);
    assertThat(redeem(SHOP, stolenId)).isEqualTo(Reason.ALREADY_REDEEMED);
  }

  @Test
  void refusedAnswer_isNotRemembered() {
    var request = item("AAAAAAAAAAAAAAAAAAAAAA", true, token());

    assertThat(redeem(SHOP, request)).isEqualTo(Reason.MALFORMED);
    assertThat(redeem(SHOP, request)).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void concurrentRedemptions_acceptExactlyOne() throws Exception {
    var token = token();
    var tasks = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 32; i++) {
      var item = once(token);
      tasks.add(() -> redeem(SHOP, item) == null);
    }
    var accepted = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var each : threads.invokeAll(tasks)) {
        accepted += each.get() ? 1 : 0;
      }
    }
    assertThat(accepted).isEqualTo(1);
  }

  @Test
  void concurrentRetries_allGetTheAnswer() throws Exception {
    var request = once(token());
    var tasks = new ArrayList<Callable<Reason>>();
    for (int i = 0; i < 32; i++) {
      tasks.add(() -> redeem(SHOP, request));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var each : threads.invokeAll(tasks)) {
        assertThat(each.get()).isNull();
      }
    }
  }

  @Test
  void expiredToken_isExpiredForLookupAndRedeem() {
    var token = token();
    house.clock.advance(Duration.ofSeconds(361));

    Until.isTrue(
        "the ledger's own clock has turned",
        Duration.ofSeconds(20),
        () -> lookup(item(token)) == Reason.EXPIRED);
    assertThat(redeem(SHOP, item(token))).isEqualTo(Reason.EXPIRED);
    assertThat(house.issuance.proofs().counts()).isEmpty();
  }

  @Test
  void revokedToken_isRevoked() {
    var token = token();
    house.ledger.get().revoke(Serial.parse(jti(token)));

    assertThat(redeem(SHOP, item(token))).isEqualTo(Reason.REVOKED);
  }

  @Test
  void honestTokenUnderAnotherSerial_isMalformedAndProvesNothing() {
    var token = token();
    var other = token();

    assertThat(lookup(item(jti(other), false, token))).isEqualTo(Reason.MALFORMED);
    assertThat(lookup(item("", false, token))).isEqualTo(Reason.MALFORMED);
    assertThat(lookup(item("x", false, token))).isEqualTo(Reason.MALFORMED);
    assertThat(house.issuance.proofs().counts()).isEmpty();
  }

  @Test
  void forgery_isProvenByWhicheverQuestionComes() {
    var honest = token();
    for (int way = 0; way < 3; way++) {
      var kid = house.keys.activeKid();
      var forged = forged(jti(honest));
      var item = item(jti(honest), false, forged);
      var answers =
          switch (way) {
            case 0 -> queries.lookup(SHOP, List.of(item));
            case 1 -> queries.redeem(SHOP, List.of(item));
            default -> queries.report(SHOP, List.of(item));
          };
      assertThat(answers.getFirst().reason()).isEqualTo(Reason.ALTERED);
      assertThat(house.issuance.proofs().condemnation(kid)).isNotNull();
    }
    assertThat(house.keys.firstCondemnations()).isEqualTo(3);
    assertThat(redeem(SHOP, item(honest))).as("entered tokens stay good").isNull();
    assertThat(redeem(SHOP, item(token()))).as("the next key issues").isNull();
  }

  @Test
  void thousandForgeriesOnSeveralThreads_condemnOnceAndHonestTokensStayGood() throws Exception {
    var honest = token();
    var kid = house.keys.activeKid();
    var tasks = new ArrayList<Callable<Reason>>();
    for (int i = 0; i < 1_000; i++) {
      var item = item("", false, forged(new Serial(i, i, i).toString()));
      tasks.add(() -> lookup(item));
    }
    try (var threads = Executors.newFixedThreadPool(16)) {
      for (var each : threads.invokeAll(tasks)) {
        assertThat(each.get()).isEqualTo(Reason.NOT_ISSUED);
      }
    }
    house.issuance.proofs().flush();

    assertThat(house.keys.condemnations()).isEqualTo(1);
    var count = house.issuance.proofs().counts().getFirst();
    assertThat(count.kid()).isEqualTo(kid);
    assertThat(count.proofs()).isEqualTo(1_000);
    assertThat(count.unknownSubjects()).isEqualTo(1_000);
    assertThat(lookup(item(honest))).isNull();
  }

  @Test
  void expiredForgeryReported_isProofAndExpired() {
    var forged = forged("AAAAAAAAAAAAAAAAAAAAAA");
    house.clock.advance(Duration.ofDays(2));

    var answer = queries.report(SHOP, List.of(item("", false, forged))).getFirst();

    assertThat(answer.reason()).isEqualTo(Reason.EXPIRED);
    assertThat(house.keys.firstCondemnations()).isEqualTo(1);
  }

  @Test
  void reportOfAnHonestToken_provesNothing() {
    var answer = queries.report(SHOP, List.of(item(token()))).getFirst();

    assertThat(answer.accepted()).isTrue();
    assertThat(house.keys.condemnations()).isZero();
  }

  @Test
  void junk_leavesCountersOnly() {
    for (int i = 0; i < 50; i++) {
      assertThat(lookup(item("", false, "junk" + i))).isEqualTo(Reason.MALFORMED);
    }

    assertThat(house.issuance.judge().refused(Reason.MALFORMED)).isEqualTo(50);
    assertThat(house.issuance.proofs().counts()).isEmpty();
    assertThat(house.issuance.alarms()).isEmpty();
  }

  @Test
  void bookThatIsNotThere_isDoubtCountedAndAlarmed() {
    try (var clone = house.ledger.cloned(folder.resolve("clone"))) {
      var serial = clone.get().reserve().toString();

      assertThat(lookup(item(serial, false, forged(serial)))).isEqualTo(Reason.LEDGER_DOUBT);
    }
    assertThat(house.keys.condemnations()).isZero();
    assertThat(house.issuance.judge().unproven()).isEqualTo(1);
    assertThat(house.issuance.alarms()).extracting("code").containsExactly("unproven");

    house.clock.advance(Duration.ofMinutes(59));
    assertThat(house.issuance.judge().alarms()).hasSize(1);
    house.clock.advance(Duration.ofMinutes(2));
    assertThat(house.issuance.judge().alarms()).isEmpty();
  }

  @Test
  void junkInABatch_usesUpItsTimeAndHonestItemsAreAnswered() {
    var now = new AtomicLong();
    var slow =
        new LedgerQueries(
            house.ledger.get(),
            new LedgerQueries.Beside(
                house.issuance.watermarks(), house.issuance.judge(), house.issuance.observed()),
            () -> now.getAndAdd(Duration.ofMillis(200).toNanos()));
    var items = new ArrayList<LedgerItem>();
    for (int i = 0; i < 10; i++) {
      items.add(item("AAAAAAAAAAAAAAAAAAAAAA", false, "junk"));
    }
    items.add(item(token()));

    var answers = slow.lookup(SHOP, items);

    assertThat(answers.getLast().reason()).isNull();
    assertThat(house.issuance.judge().refused(Reason.MALFORMED)).isEqualTo(3);
    assertThat(house.issuance.judge().unjudged()).isEqualTo(7);
    assertThat(slow.lookup(SHOP, items.subList(0, 1)).getFirst().reason())
        .isEqualTo(Reason.MALFORMED);
    assertThat(house.issuance.judge().unjudged()).isEqualTo(7);
  }

  @Test
  void closedLedger_isUnavailable() {
    var token = token();
    house.ledger.get().close();

    assertThat(lookup(item(token))).isEqualTo(Reason.LEDGER_UNAVAILABLE);
    assertThat(redeem(SHOP, once(token))).isEqualTo(Reason.LEDGER_UNAVAILABLE);
    var report = queries.report(SHOP, List.of(item(token))).getFirst();
    assertThat(report.reason()).isEqualTo(Reason.LEDGER_UNAVAILABLE);
  }

  @Test
  void gateInThisProcess_redeemsWithoutMemory() {
    var request = once(token());

    var gate = queries.inProcess("gate");

    assertThat(gate.redeem(request)).isNull();
    assertThat(gate.redeem(request)).isEqualTo(Reason.ALREADY_REDEEMED);
    assertThat(gate.lookup(request)).isEqualTo(Reason.ALREADY_REDEEMED);
  }
}
