package dev.ingam.verifier;

import static dev.ingam.verifier.TestIssuer.EXPECTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.wire.Base64Url;
import dev.ingam.wire.Confirmation;
import dev.ingam.wire.DpopCheck;
import dev.ingam.wire.DpopNonces;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.Reason;
import dev.ingam.wire.ReplayMemory;
import dev.ingam.wire.SignatureCheck;
import dev.ingam.wire.TargetUri;
import dev.ingam.wire.Verdict;
import dev.ingam.wire.VerificationKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Tokens that are bound to their sender, and who else shows them.
class SenderTest {
  private static final long NOW = 1_764_000_000;
  private static final String URI = "https://api.example/orders";
  private static final String CERTIFICATE = Base64Url.encode(new byte[32]);
  private static final String OTHER = Base64Url.encode(filled(32));

  private final TestIssuer issuer = new TestIssuer();
  private final TestIssuer sender = new TestIssuer();
  private final FakeLedger ledger = new FakeLedger();
  private final MovableClock clock = new MovableClock(NOW);
  private final Verifier verifier = Verifier.builder(this::find, ledger, clock).build();

  private @Nullable VerificationKey find(String kid) {
    var key = issuer.key(KeyState.ACTIVE);
    return key.kid().equals(kid) ? key : null;
  }

  @Test
  void boundToAKey_withItsProof() {
    var token = bound();
    assertThat(verifier.verify(token, dpop(sender, token), EXPECTED))
        .isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void boundToAKey_asBearer_isRefusedBeforeTheLedger() {
    var token = bound();
    assertMismatch(verifier.verify(token, EXPECTED), "expected the scheme DPoP");
    assertThat(ledger.redemptions).isEmpty();
  }

  @Test
  void boundToAKey_withAnothersProof() {
    var token = bound();
    assertMismatch(
        verifier.verify(token, dpop(new TestIssuer(), token), EXPECTED),
        "expected a proof of the key");
    assertThat(ledger.redemptions).isEmpty();
  }

  /// A thief who saw token and proof has one more request for nothing.
  @Test
  void proofThatWasSeen_isUsedUp() {
    var token = bound();
    var seen = dpop(sender, token);
    assertThat(verifier.verify(token, seen, EXPECTED)).isInstanceOf(Verdict.Accepted.class);
    assertMismatch(verifier.verify(token, seen, EXPECTED), "this one was used");
  }

  @Test
  void proofForAnotherRequest() {
    var token = bound();
    var proof = proof(sender, token, null);
    assertMismatch(
        verifier.verify(token, Presentation.dpop(proof, "POST", at(URI)), EXPECTED),
        "expected htm POST");
    assertMismatch(
        verifier.verify(token, Presentation.dpop(proof, "GET", at(URI + "/1")), EXPECTED),
        "expected htu");
    assertMismatch(
        verifier.verify(token, Presentation.dpop(proof, "GET", Set.of()), EXPECTED),
        "none is configured");
  }

  @Test
  void proofForAnotherToken() {
    var token = bound();
    var other = bound();
    assertMismatch(verifier.verify(token, dpop(sender, other), EXPECTED), "expected in ath");
  }

  /// RFC 9449 section 7.1: the scheme says that the token is bound.
  @Test
  void unbound_withAProof() {
    var token = ledger.enter(issuer.token(NOW, NOW + 300));
    assertMismatch(
        verifier.verify(token, dpop(sender, token), EXPECTED), "expected the scheme Bearer");
  }

  @Test
  void boundToACertificate() {
    var token = boundToCertificate();
    var bearer = Presentation.bearer();
    assertThat(verifier.verify(token, bearer.withCertificate(CERTIFICATE), EXPECTED))
        .isInstanceOf(Verdict.Accepted.class);
    assertMismatch(verifier.verify(token, bearer, EXPECTED), "expected, in TLS");
    assertMismatch(
        verifier.verify(token, bearer.withCertificate(OTHER), EXPECTED), "expected, in TLS");
    assertMismatch(
        verifier.verify(token, dpop(sender, token).withCertificate(CERTIFICATE), EXPECTED),
        "expected, in TLS");
  }

  /// A certificate beside an ordinary token is none of our business.
  @Test
  void unbound_withACertificate() {
    var token = ledger.enter(issuer.token(NOW, NOW + 300));
    assertThat(verifier.verify(token, Presentation.bearer().withCertificate(CERTIFICATE), EXPECTED))
        .isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void whereBoundTokensAlonePass() {
    var strict = EXPECTED.ofBoundTokens();
    var unbound = ledger.enter(issuer.token(NOW, NOW + 300));
    assertMismatch(verifier.verify(unbound, strict), "bound to its sender");
    var token = bound();
    assertThat(verifier.verify(token, dpop(sender, token), strict))
        .isInstanceOf(Verdict.Accepted.class);
    assertThat(strict.withTrustAtLeast(strict.leastTrust()).boundOnly()).isTrue();
  }

  /// Who forgets to look at the sender accepts nothing that is bound.
  @Test
  void redeem_withoutALookAtTheSender() {
    var passed = (Examination.Passed) verifier.examine(bound(), EXPECTED);
    assertMismatch(verifier.redeem(passed), "from whom it is bound to");
    assertThat(verifier.redeem(passed.whoeverSentIt())).isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void nonce_isAskedForAndThenGood() {
    var nonces = new DpopNonces(new SecureRandom(), clock);
    var replays = new ReplayMemory(100, new SecureRandom());
    var asking =
        Verifier.builder(this::find, ledger, clock)
            .dpop(new DpopCheck(new SignatureCheck(null), replays, nonces, clock))
            .build();
    var token = bound();
    var passed = (Examination.Passed) asking.examine(token, EXPECTED);
    var first = asking.confirm(passed, dpop(sender, token));
    assertThat(first).isInstanceOf(Examination.NonceWanted.class);
    assertMismatch(asking.verify(token, dpop(sender, token), EXPECTED), "a good nonce");
    var nonce = ((Examination.NonceWanted) first).nonce();
    var proof = proof(sender, token, nonce);
    assertThat(asking.verify(token, Presentation.dpop(proof, "GET", at(URI)), EXPECTED))
        .isInstanceOf(Verdict.Accepted.class);
  }

  /// A forger's token is judged, whoever he binds it to.
  @Test
  void forgedAndBound_reachesTheLedger() {
    var forged = issuer.bound(confirmation(), NOW, NOW + 300);
    assertThat(verifier.verify(forged, dpop(sender, forged), EXPECTED))
        .isInstanceOfSatisfying(
            Verdict.Refused.class, it -> assertThat(it.reason()).isEqualTo(Reason.NOT_ISSUED));
  }

  /// A forged token that is presented otherwise is refused for that, and still reported.
  @Test
  void forgedAndBound_asBearer_isReported() {
    var forged = issuer.bound(confirmation(), NOW, NOW + 300);
    assertMismatch(verifier.verify(forged, EXPECTED), "expected the scheme DPoP");
    assertThat(ledger.reported).containsExactly(forged);
  }

  private static Set<TargetUri> at(String uri) {
    return Set.of(TargetUri.of(uri));
  }

  private String bound() {
    return ledger.enter(issuer.bound(confirmation(), NOW, NOW + 300));
  }

  private Confirmation confirmation() {
    return new Confirmation(Confirmation.Method.DPOP, sender.key(KeyState.ACTIVE).kid());
  }

  private String boundToCertificate() {
    var to = new Confirmation(Confirmation.Method.CERTIFICATE, CERTIFICATE);
    return ledger.enter(issuer.bound(to, NOW, NOW + 300));
  }

  private static Presentation dpop(TestIssuer sender, String token) {
    return Presentation.dpop(proof(sender, token, null), "GET", at(URI));
  }

  private static String proof(TestIssuer sender, String token, @Nullable String nonce) {
    var point = ((ECPublicKey) sender.pair().getPublic()).getW();
    var jwk =
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}"
            .formatted(
                coordinate(point.getAffineX().toByteArray()),
                coordinate(point.getAffineY().toByteArray()));
    return sender.jws(
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":" + jwk + "}",
        "{\"jti\":\"%s\",\"htm\":\"GET\",\"htu\":\"%s\",\"iat\":%d,\"ath\":\"%s\"%s}"
            .formatted(
                UUID.randomUUID(),
                URI,
                NOW,
                hash(token),
                nonce == null ? "" : ",\"nonce\":\"" + nonce + "\""));
  }

  /// 32 bytes, whatever sign byte or missing zeros the number came with.
  private static String coordinate(byte[] number) {
    var fixed = new byte[32];
    var length = Math.min(number.length, 32);
    System.arraycopy(number, number.length - length, fixed, 32 - length, length);
    return Base64Url.encode(fixed);
  }

  private static String hash(String token) {
    try {
      return Base64Url.encode(
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] filled(int length) {
    var bytes = new byte[length];
    Arrays.fill(bytes, (byte) 1);
    return bytes;
  }

  private static void assertMismatch(Verdict verdict, String detail) {
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            it -> {
              assertThat(it.reason()).isEqualTo(Reason.SENDER_MISMATCH);
              assertThat(it.detail()).contains(detail);
            });
  }
}
