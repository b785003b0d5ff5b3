package dev.ingam.verifier;

import static dev.ingam.verifier.TestIssuer.AUDIENCE;
import static dev.ingam.verifier.TestIssuer.EXPECTED;
import static dev.ingam.verifier.TestIssuer.ISSUER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.wire.Base64Url;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.LedgerState;
import dev.ingam.wire.Reason;
import dev.ingam.wire.SerialRange;
import dev.ingam.wire.TrustLevel;
import dev.ingam.wire.Verdict;
import dev.ingam.wire.VerificationKey;
import dev.ingam.wire.Watermark;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a verifier accepts on each trust level, with a look into the ledger first and without.
class TrustTest {
  private static final long NOW = 1_764_000_000;
  private static final Set<Reason> FORGIVEN =
      EnumSet.of(Reason.NOT_ISSUED, Reason.ALTERED, Reason.LEDGER_DOUBT, Reason.LEDGER_UNAVAILABLE);

  private final TestIssuer issuer = new TestIssuer();
  private final Map<String, VerificationKey> keys = new ConcurrentHashMap<>();
  private final MovableClock clock = new MovableClock(NOW);
  private TrustLevel level = TrustLevel.OBSERVE;
  private @Nullable LedgerState state;

  TrustTest() {
    keyIs(KeyState.ACTIVE);
  }

  private void keyIs(KeyState keyState) {
    var key = issuer.key(keyState);
    keys.put(key.kid(), key);
  }

  /// A ledger that answers one thing, and what it was asked and told.
  private static final class Ledger implements LedgerClient {
    private @Nullable Reason answer;
    private int asked;
    private final List<Reason> observed = new ArrayList<>();
    private final List<String> reported = new ArrayList<>();
    private Runnable whenAsked = () -> {};

    private Ledger(@Nullable Reason answer) {
      this.answer = answer;
    }

    @Override
    public LedgerAnswer lookup(LedgerItem item) {
      asked++;
      whenAsked.run();
      return new LedgerAnswer(item.requestId(), answer);
    }

    @Override
    public LedgerAnswer redeem(LedgerItem item) {
      return lookup(item);
    }

    @Override
    public void report(String token) {
      reported.add(token);
    }

    @Override
    public void observed(String token, Reason reason) {
      observed.add(reason);
    }

    @Override
    public void close() {}
  }

  private final class Source implements LedgerStateSource {
    @Override
    public @Nullable LedgerState current() {
      return state;
    }

    @Override
    public TrustLevel trust(String audience) {
      return audience.equals(AUDIENCE) ? level : TrustLevel.REQUIRED;
    }
  }

  private List<Verifier> verifiers(Ledger ledger) {
    return List.of(
        Verifier.builder(keys::get, ledger, clock).ledgerState(new Source()).build(),
        Verifier.builder(keys::get, ledger, clock)
            .ledgerState(new Source())
            .lookupFirst(2)
            .build());
  }

  private String token() {
    return issuer.token(NOW, NOW + 300);
  }

  private static void assertRefused(Verdict verdict, Reason reason) {
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Refused.class, it -> assertThat(it.reason()).isEqualTo(reason));
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void observed_forgivesLackOfEvidenceAlone(Reason reason) {
    for (var i = 0; i < 2; i++) {
      var ledger = new Ledger(reason);
      var verdict = verifiers(ledger).get(i).verify(token(), EXPECTED);
      assertThat(ledger.asked).isEqualTo(1);
      if (FORGIVEN.contains(reason)) {
        assertThat(verdict)
            .isInstanceOfSatisfying(
                Verdict.Accepted.class,
                it -> {
                  assertThat(it.ground()).isEqualTo(TrustLevel.OBSERVE);
                  assertThat(it.observed()).isEqualTo(reason);
                });
        assertThat(ledger.observed).containsExactly(reason);
      } else {
        assertRefused(verdict, reason);
        assertThat(ledger.observed).isEmpty();
      }
      assertThat(ledger.reported).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void required_forgivesNothing(Reason reason) {
    level = TrustLevel.REQUIRED;
    var ledger = new Ledger(reason);
    verifiers(ledger).forEach(each -> assertRefused(each.verify(token(), EXPECTED), reason));
    assertThat(ledger.observed).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(TrustLevel.class)
  void tokenWithBothProofs_saysSo_unlessNobodyAsked(TrustLevel each) {
    level = each;
    var ledger = new Ledger(null);
    for (var verifier : verifiers(ledger)) {
      var accepted = (Verdict.Accepted) verifier.verify(token(), EXPECTED);
      assertThat(accepted.ground())
          .isEqualTo(each == TrustLevel.OFF ? TrustLevel.OFF : TrustLevel.REQUIRED);
      assertThat(accepted.observed()).isNull();
    }
    assertThat(ledger.asked).isEqualTo(each == TrustLevel.OFF ? 0 : 3);
    assertThat(ledger.observed).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"OBSERVE", "OFF"})
  void signatureClaimsAndKeyState_holdOnEveryLevel(TrustLevel each) {
    level = each;
    for (var verifier : verifiers(new Ledger(Reason.LEDGER_UNAVAILABLE))) {
      assertRefused(verifier.verify(TestIssuer.resigned(token()), EXPECTED), Reason.BAD_SIGNATURE);
      assertRefused(
          verifier.verify(new TestIssuer().token(NOW, NOW + 300), EXPECTED), Reason.UNKNOWN_KEY);
      assertRefused(verifier.verify(issuer.token(NOW - 900, NOW - 600), EXPECTED), Reason.EXPIRED);
      assertRefused(
          verifier.verify(
              issuer.token(ISSUER, "u", "https://other.example", NOW, NOW + 300), EXPECTED),
          Reason.WRONG_AUDIENCE);
      assertRefused(verifier.verify("a.b.c", EXPECTED), Reason.MALFORMED);
    }
  }

  @ParameterizedTest
  @EnumSource(KeyState.class)
  void withoutEvidence_keyMustStandAlone(KeyState keyState) {
    keyIs(keyState);
    for (var each : EnumSet.of(TrustLevel.OBSERVE, TrustLevel.OFF)) {
      level = each;
      for (var verifier : verifiers(new Ledger(Reason.NOT_ISSUED))) {
        var verdict = verifier.verify(token(), EXPECTED);
        assertThat(verdict instanceof Verdict.Accepted).isEqualTo(keyState.isPublic());
        if (keyState == KeyState.TAINTED) {
          assertRefused(verdict, each == TrustLevel.OFF ? Reason.REVOKED_KEY : Reason.NOT_ISSUED);
        }
      }
    }
  }

  /// What has an entry goes on under a tainted key, where the ledger is asked.
  @Test
  void taintedKey_entryCounts() {
    keyIs(KeyState.TAINTED);
    for (var verifier : verifiers(new Ledger(null))) {
      assertThat(verifier.verify(token(), EXPECTED)).isInstanceOf(Verdict.Accepted.class);
    }
  }

  /// The judge may condemn the key while the ledger is asked.
  @Test
  void keyTaintedByTheQuestion_isNotForgiven() {
    for (var i = 0; i < 2; i++) {
      keyIs(KeyState.ACTIVE);
      var ledger = new Ledger(Reason.NOT_ISSUED);
      ledger.whenAsked = () -> keyIs(KeyState.TAINTED);
      assertRefused(verifiers(ledger).get(i).verify(token(), EXPECTED), Reason.NOT_ISSUED);
    }
  }

  @Test
  void singleUse_isNeverLowered() {
    var once = new Expectation(ISSUER, AUDIENCE, true, false);
    for (var each : EnumSet.of(TrustLevel.OBSERVE, TrustLevel.OFF)) {
      level = each;
      for (var verifier : verifiers(new Ledger(Reason.LEDGER_DOUBT))) {
        assertRefused(verifier.verify(token(), once), Reason.LEDGER_DOUBT);
      }
    }
  }

  /// A service can be stricter, never less so.
  @Test
  void service_isTheStricterOfTheTwo() {
    var combinations = 0;
    for (var ofServer : TrustLevel.values()) {
      for (var ofService : TrustLevel.values()) {
        level = ofServer;
        var expected = EXPECTED.withTrustAtLeast(ofService);
        for (var verifier : verifiers(new Ledger(Reason.NOT_ISSUED))) {
          var strict = ofServer == TrustLevel.REQUIRED || ofService == TrustLevel.REQUIRED;
          assertThat(verifier.verify(token(), expected) instanceof Verdict.Refused)
              .isEqualTo(strict);
          combinations++;
        }
      }
    }
    assertThat(combinations).isEqualTo(18);
  }

  @Test
  void otherAudience_isRequired() {
    var other = new Expectation(ISSUER, "https://other.example", false, false);
    for (var verifier : verifiers(new Ledger(Reason.NOT_ISSUED))) {
      assertRefused(
          verifier.verify(
              issuer.token(ISSUER, "u", "https://other.example", NOW, NOW + 300), other),
          Reason.NOT_ISSUED);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OBSERVE", "OFF"})
  void watermark_holds(TrustLevel each) {
    level = each;
    state =
        new LedgerState(
            Base64Url.encode(new byte[32]),
            List.of(new Watermark(Watermark.Target.ALL, "", List.of(SerialRange.whole(7)), null)));
    for (var verifier : verifiers(new Ledger(Reason.LEDGER_UNAVAILABLE))) {
      assertRefused(verifier.verify(token(), EXPECTED), Reason.REVOKED);
    }
  }

  /// The level of the last step is that of its own time.
  @Test
  void levelRaisedBetweenTheSteps_isRequired() {
    for (var each : EnumSet.of(TrustLevel.OBSERVE, TrustLevel.OFF)) {
      for (var i = 0; i < 2; i++) {
        level = each;
        var verifier = verifiers(new Ledger(Reason.LEDGER_DOUBT)).get(i);
        var passed = (Examination.Passed) verifier.examine(token(), EXPECTED);
        level = TrustLevel.REQUIRED;
        assertRefused(verifier.redeem(passed), Reason.LEDGER_DOUBT);
      }
    }
  }

  @Test
  void verifierWithoutState_isRequired() {
    var ledger = new Ledger(Reason.LEDGER_UNAVAILABLE);
    assertRefused(
        Verifier.builder(keys::get, ledger, clock).build().verify(token(), EXPECTED),
        Reason.LEDGER_UNAVAILABLE);
    assertRefused(
        Verifier.builder(keys::get, ledger, clock)
            .ledgerState(() -> state)
            .build()
            .verify(token(), EXPECTED),
        Reason.LEDGER_UNAVAILABLE);
  }
}
