package dev.ingam.verifier;

import static dev.ingam.verifier.TestIssuer.AUDIENCE;
import static dev.ingam.verifier.TestIssuer.EXPECTED;
import static dev.ingam.verifier.TestIssuer.ISSUER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.wire.Algorithm;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.LedgerState;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Serial;
import dev.ingam.wire.SerialRange;
import dev.ingam.wire.Verdict;
import dev.ingam.wire.VerificationKey;
import dev.ingam.wire.Watermark;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifierTest {
  private static final long NOW = 1_764_000_000;

  private final TestIssuer issuer = new TestIssuer();
  private final FakeLedger ledger = new FakeLedger();
  private final Map<String, VerificationKey> keys = new ConcurrentHashMap<>();
  private final MovableClock clock = new MovableClock(NOW);
  private final Verifier verifier = Verifier.builder(keys::get, ledger, clock).build();
  private final Verifier careful =
      Verifier.builder(keys::get, ledger, clock).lookupFirst(2).build();

  VerifierTest() {
    trust(KeyState.ACTIVE);
  }

  @Test
  void verify_issuedToken() {
    var token = ledger.enter(issuer.token(NOW, NOW + 300));
    for (var each : new Verifier[] {verifier, careful}) {
      assertThat(each.verify(token, EXPECTED))
          .isInstanceOfSatisfying(
              Verdict.Accepted.class,
              it -> assertThat(it.token().claims().subject()).isEqualTo("u-1001"));
    }
    assertThat(ledger.reported).isEmpty();
  }

  @Test
  void verify_forgedWithTheRealKey() {
    var forged = issuer.token(NOW, NOW + 300);
    assertRefused(verifier, forged, Reason.NOT_ISSUED);
    assertThat(ledger.redemptions).hasSize(1).allMatch(item -> item.token().equals(forged));
  }

  /// What the server judged at the lookup must not reach its judge again: one forgery is one proof.
  @Test
  void lookupFirst_forgedWithTheRealKey_isShownToTheServerOnce() {
    var forged = issuer.token(NOW, NOW + 300);
    assertRefused(careful, forged, Reason.NOT_ISSUED);
    assertThat(ledger.lookups).hasSize(1).allMatch(item -> item.token().equals(forged));
    assertThat(ledger.redemptions).isEmpty();
    assertThat(ledger.reported).isEmpty();
  }

  @Test
  void verify_singleUse_secondTime() {
    var once = new Expectation(ISSUER, AUDIENCE, true, false);
    for (var each : new Verifier[] {verifier, careful}) {
      var token = ledger.enter(issuer.token(NOW, NOW + 300));
      assertThat(each.verify(token, once)).isInstanceOf(Verdict.Accepted.class);
      assertThat(each.verify(token, once))
          .isInstanceOfSatisfying(
              Verdict.Refused.class,
              it -> assertThat(it.reason()).isEqualTo(Reason.ALREADY_REDEEMED));
    }
  }

  /// What the ledger said it revoked is refused before it is asked, and judged all the same: a
  /// forgery under a serial from before the line is a forgery.
  @Test
  void verify_underAWatermark_isRevokedWithoutAskingAndReported() {
    var state = new AtomicReference<LedgerState>();
    var watching = Verifier.builder(keys::get, ledger, clock).ledgerState(state::get).build();
    var before = ledger.enter(issuer.token(NOW, NOW + 300));
    assertThat(watching.verify(before, EXPECTED)).isInstanceOf(Verdict.Accepted.class);
    state.set(
        new LedgerState(
            Base64Url.encode(new byte[32]),
            List.of(
                new Watermark(
                    Watermark.Target.CLIENT, "web-shop", List.of(new SerialRange(7, 2)), null))));
    ledger.redemptions.clear();

    assertRefused(watching, before, Reason.REVOKED);
    assertRefused(watching, TestIssuer.resigned(before), Reason.REVOKED);

    assertThat(ledger.redemptions).isEmpty();
    assertThat(ledger.reported).containsExactly(before);
    var after = ledger.enter(issuer.token(NOW, NOW + 300));
    assertThat(watching.verify(after, EXPECTED)).isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void examine_usesNothingUp() {
    var token = ledger.enter(issuer.token(NOW, NOW + 300));
    var once = new Expectation(ISSUER, AUDIENCE, true, false);
    var first = (Examination.Passed) verifier.examine(token, once);
    var second = (Examination.Passed) careful.examine(token, once);
    assertThat(ledger.redemptions).isEmpty();
    assertThat(first.item().requestId()).isNotEqualTo(second.item().requestId());
    assertThat(first.item().singleUse()).isTrue();
    assertThat(verifier.redeem(second)).isInstanceOf(Verdict.Accepted.class);
    assertThat(verifier.redeem(first)).isInstanceOf(Verdict.Refused.class);
  }

  @ParameterizedTest
  @EnumSource(KeyState.class)
  void verify_keyState(KeyState state) {
    trust(state);
    var token = ledger.enter(issuer.token(NOW, NOW + 300));
    if (state.refusal() == null) {
      assertThat(verifier.verify(token, EXPECTED)).isInstanceOf(Verdict.Accepted.class);
    } else {
      assertRefused(verifier, token, state.refusal());
      assertThat(ledger.reported).containsExactly(token);
      assertThat(ledger.redemptions).isEmpty();
    }
  }

  @Test
  void verify_claims() {
    assertRefused(
        verifier, issued("https://evil.example", "u", AUDIENCE, NOW), Reason.WRONG_ISSUER);
    assertRefused(verifier, issued(ISSUER + "/", "u", AUDIENCE, NOW), Reason.WRONG_ISSUER);
    assertRefused(
        verifier, issued(ISSUER, "u", "https://other.example", NOW), Reason.WRONG_AUDIENCE);
    assertRefused(verifier, issued(ISSUER, "u", AUDIENCE, NOW + 61), Reason.NOT_YET_VALID);
    assertRefused(verifier, issued(ISSUER, "u", AUDIENCE, NOW - 360), Reason.EXPIRED);
    assertRefused(
        verifier, issued(ISSUER, "client:web-shop", AUDIENCE, NOW), Reason.UNKNOWN_SUBJECT);
    assertThat(ledger.reported).hasSize(6);
    assertThat(ledger.redemptions).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {60, 0, -299, -359})
  void verify_withinSkew(long issuedAgo) {
    var token = issued(ISSUER, "u", AUDIENCE, NOW + issuedAgo);
    assertThat(verifier.verify(token, EXPECTED)).isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void verify_client_whereClientsAreAllowed() {
    var token = issued(ISSUER, "client:web-shop", AUDIENCE, NOW);
    var expected = new Expectation(ISSUER, AUDIENCE, false, true);
    assertThat(verifier.verify(token, expected)).isInstanceOf(Verdict.Accepted.class);
  }

  /// The claims come first, so junk with wrong claims costs no signature check of the ledger's.
  @Test
  void verify_wrongClaimsAndNoSignature_isNotReported() {
    assertRefused(
        verifier,
        TestIssuer.resigned(issued(ISSUER, "u", "https://other.example", NOW)),
        Reason.WRONG_AUDIENCE);
    assertRefused(
        careful, TestIssuer.resigned(issued(ISSUER, "u", AUDIENCE, NOW - 999)), Reason.EXPIRED);
    assertThat(ledger.reported).isEmpty();
  }

  @Test
  void verify_signature() {
    var good = ledger.enter(issuer.token(NOW, NOW + 300));
    assertRefused(verifier, TestIssuer.resigned(good), Reason.BAD_SIGNATURE);
    assertRefused(careful, TestIssuer.resigned(good), Reason.BAD_SIGNATURE);
    var other = new TestIssuer();
    assertRefused(verifier, other.token(NOW, NOW + 300), Reason.UNKNOWN_KEY);
    assertThat(ledger.redemptions).isEmpty();
    assertThat(ledger.reported).isEmpty();
  }

  @Test
  void verify_keyOfAnotherPurpose() {
    var kid = issuer.key(KeyState.ACTIVE).kid();
    for (var purpose : KeyPurpose.values()) {
      keys.put(
          kid,
          new VerificationKey(
              kid, Algorithm.ES256, issuer.pair().getPublic(), purpose, KeyState.ACTIVE));
      var token = ledger.enter(issuer.token(NOW, NOW + 300));
      if (purpose == KeyPurpose.ACCESS_TOKEN) {
        assertThat(verifier.verify(token, EXPECTED)).isInstanceOf(Verdict.Accepted.class);
      } else {
        assertRefused(verifier, token, Reason.UNKNOWN_KEY);
      }
    }
  }

  /// The key says the algorithm; a token that says another names no key of ours.
  @Test
  void verify_algorithmOfTheTokenIsNotTheKeys() {
    var kid = issuer.key(KeyState.ACTIVE).kid();
    var payload =
        "{\"iss\":\"%s\",\"sub\":\"u\",\"aud\":\"%s\",\"client_id\":\"c\",\"iat\":%d,\"exp\":%d,\"jti\":\"%s\"}"
            .formatted(ISSUER, AUDIENCE, NOW, NOW + 300, new Serial(1, 2, 3));
    var token =
        issuer.jws("{\"alg\":\"Ed25519\",\"kid\":\"" + kid + "\",\"typ\":\"at+jwt\"}", payload);
    assertRefused(verifier, ledger.enter(token), Reason.UNKNOWN_KEY);
  }

  /// A forgery without a serial, or of another type, must not escape the judge by being malformed.
  @Test
  void verify_outsideTheProfile_isReportedWhenSigned() {
    var kid = issuer.key(KeyState.ACTIVE).kid();
    var noSerial = issuer.jws(header(kid, "at+jwt"), "{\"sub\":\"u\"}");
    var wrongType = issuer.jws(header(kid, "JWT"), "{}");
    var noJson = issuer.jws(header(kid, "at+jwt"), "hello");
    assertRefused(verifier, noSerial, Reason.MALFORMED);
    assertRefused(verifier, wrongType, Reason.WRONG_TYPE);
    assertRefused(careful, noJson, Reason.MALFORMED);
    assertThat(ledger.reported).containsExactly(noSerial, wrongType, noJson);
    assertRefused(verifier, TestIssuer.resigned(noSerial), Reason.MALFORMED);
    assertRefused(verifier, issuer.jws(header("unknown", "at+jwt"), "{}"), Reason.MALFORMED);
    assertRefused(verifier, issuer.jws("{\"alg\":\"ES256\"}", "{}"), Reason.WRONG_TYPE);
    assertThat(ledger.reported).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a.b.c", "Bearer x", "\u0000", "\ud83d\ude00"})
  void verify_junk(String junk) {
    assertRefused(verifier, junk, Reason.MALFORMED);
    assertRefused(careful, junk, Reason.MALFORMED);
    assertThat(ledger.reported).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void redeem_ledgerRefuses(Reason reason) {
    var refusing = Verifier.builder(keys::get, new Answering(reason, null), clock).build();
    assertRefused(refusing, issuer.token(NOW, NOW + 300), reason);
    var both = Verifier.builder(keys::get, new Answering(reason, null), clock).lookupFirst(1);
    assertRefused(both.build(), issuer.token(NOW, NOW + 300), reason);
  }

  @Test
  void redeem_answerToAnotherRequest() {
    var confused = new Answering(null, new Serial(9, 9, 9).toString());
    var token = issuer.token(NOW, NOW + 300);
    assertRefused(
        Verifier.builder(keys::get, confused, clock).build(), token, Reason.LEDGER_UNAVAILABLE);
  }

  @Test
  void lookupFirst_usedUp_isRefusedWithoutAKey() {
    var token = ledger.enter(issuer.token(NOW, NOW + 300));
    var once = new Expectation(ISSUER, AUDIENCE, true, false);
    assertThat(careful.verify(token, once)).isInstanceOf(Verdict.Accepted.class);
    keys.clear();
    assertRefused(careful, token, Reason.ALREADY_REDEEMED);
  }

  /// The server judged the whole token: to check the signature again is work for whoever sends
  /// junk.
  @ParameterizedTest
  @EnumSource(Reason.class)
  void lookupFirst_refusedByTheLedger_isNotCheckedAgain(Reason reason) {
    KeySource noKey =
        kid -> {
          throw new AssertionError("asked for a key");
        };
    var first = Verifier.builder(noKey, new Answering(reason, null), clock).lookupFirst(1).build();
    assertRefused(first, issuer.token(NOW, NOW + 300), reason);
  }

  @Test
  void builder_refusesNonsense() {
    var builder = Verifier.builder(keys::get, ledger, clock);
    assertThatThrownBy(() -> builder.skew(Duration.ofMinutes(6))).hasMessageContaining("skew");
    assertThatThrownBy(() -> builder.skew(Duration.ofSeconds(-1))).hasMessageContaining("skew");
    assertThatThrownBy(() -> builder.lookupFirst(0)).hasMessageContaining("one at least");
    assertThatThrownBy(() -> new Expectation("", AUDIENCE, false, false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Expectation(ISSUER, " ", false, false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void trust(KeyState state) {
    var key = issuer.key(state);
    keys.put(key.kid(), key);
  }

  private String issued(String iss, String subject, String audience, long issuedAt) {
    return ledger.enter(issuer.token(iss, subject, audience, issuedAt, issuedAt + 300));
  }

  private static String header(String kid, String type) {
    return "{\"alg\":\"ES256\",\"kid\":\"" + kid + "\",\"typ\":\"" + type + "\"}";
  }

  private static void assertRefused(Verifier verifier, String token, Reason reason) {
    assertThat(verifier.verify(token, EXPECTED))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            it -> {
              assertThat(it.reason()).isEqualTo(reason);
              assertThat(it.detail()).isNotBlank();
            });
  }

  /// Always the same answer, to the request or to another.
  private record Answering(Reason reason, String requestId) implements LedgerClient {
    @Override
    public LedgerAnswer lookup(LedgerItem item) {
      return new LedgerAnswer(item.requestId(), reason);
    }

    @Override
    public LedgerAnswer redeem(LedgerItem item) {
      return new LedgerAnswer(requestId == null ? item.requestId() : requestId, reason);
    }

    @Override
    public void report(String token) {
      throw new AssertionError("nothing to report");
    }

    @Override
    public void close() {}
  }
}
