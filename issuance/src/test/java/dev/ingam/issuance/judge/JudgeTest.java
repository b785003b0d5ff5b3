package dev.ingam.issuance.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.issuance.ledger.Finding;
import dev.ingam.issuance.ledger.IssuanceException;
import dev.ingam.testkit.SettableClock;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Serial;
import dev.ingam.wire.SignatureCheck;
import dev.ingam.wire.TokenDigest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The design's table on real ledger files: each row, and each thing that must never become a
/// proof.
class JudgeTest {
  private static final BigInteger P256_ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  private final SettableClock clock = SettableClock.at("2026-11-23T09:00:00Z");
  private final TestKeys keys = new TestKeys();
  private TestLedger ledger;
  @TempDir private Path folder;

  private record Token(Serial serial, String text) {}

  @BeforeEach
  void open() {
    ledger = TestLedger.in(folder.resolve("a"), clock);
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  private Judgement judge(TestLedger by, String token) {
    return new Judge(keys, by.get(), new SignatureCheck(null), clock).judge(token, false);
  }

  private Judgement judge(String token) {
    return judge(ledger, token);
  }

  private String claims(String jti, String more) {
    var now = clock.instant().getEpochSecond();
    return "{\"iss\":\"https://a\",\"sub\":\"kim\",\"aud\":\"https://shop\",\"client_id\":\"web\","
        + "\"iat\":%d,\"exp\":%d,\"jti\":\"%s\"%s}".formatted(now, now + 300, jti, more);
  }

  private Token honest(TestLedger issuedBy) {
    return honest(issuedBy, false);
  }

  private Token honest(TestLedger issuedBy, boolean singleUse) {
    var serial = issuedBy.get().reserve();
    var text = keys.forge(keys.activeKid(), claims(serial.toString(), ""));
    issuedBy.enter(serial, TokenDigest.ofToken(text), singleUse);
    return new Token(serial, text);
  }

  private String forged(String jti) {
    return keys.forge(keys.activeKid(), claims(jti, ",\"scope\":\"admin\""));
  }

  private void assertProof(Judgement judgement, Reason reason) {
    assertThat(judgement.conclusion()).isEqualTo(Conclusion.PROOF);
    assertThat(judgement.reason()).isEqualTo(reason);
    assertThat(judgement.unproven()).isFalse();
    assertThat(judgement.proof().kid()).isEqualTo(keys.activeKid());
  }

  private static void assertNone(Judgement judgement, Reason reason) {
    assertThat(judgement.conclusion()).isEqualTo(Conclusion.NONE);
    assertThat(judgement.reason()).isEqualTo(reason);
  }

  // What proves.

  @Test
  void madeUpSerial_proves() {
    assertProof(judge(forged(new Serial(7, 7, 7).toString())), Reason.NOT_ISSUED);
  }

  @Test
  void serialOfOurBookWithAnotherCheck_proves() {
    var serial = honest(ledger).serial();
    var changed = new Serial(serial.book(), serial.slot() + 1, serial.check());

    assertProof(judge(forged(changed.toString())), Reason.NOT_ISSUED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"sub\":\"kim\"}",
        "{\"jti\":7}",
        "{\"jti\":\"\"}",
        "{\"jti\":\"AAAAAAAAAAAAAAAAAAAAAB\"}",
        "{\"jti\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}",
        "{\"jti\":null}",
        "{\"jti\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"jti\":\"AAAAAAAAAAAAAAAAAAAAAA\"}",
        "[]",
        "not json",
        "{\"sub\":\"kim\""
      })
  void absentOrMalformedSerial_proves(String payload) {
    var judgement = judge(keys.forge(keys.activeKid(), payload));

    assertProof(judgement, Reason.NOT_ISSUED);
    assertThat(judgement.proof().finding()).isNull();
  }

  @Test
  void copiedSerial_proves() {
    var judgement = judge(forged(honest(ledger).serial().toString()));

    assertProof(judgement, Reason.ALTERED);
    assertThat(judgement.proof().subject()).isEqualTo("kim");
  }

  @Test
  void serialCopiedFromAnOlderBook_proves() {
    var serial = honest(ledger).serial();
    ledger.awaitMark(1);
    ledger.restart();

    assertProof(judge(forged(serial.toString())), Reason.ALTERED);
  }

  @Test
  void serialCopiedFromARedeemedOrRevokedToken_proves() {
    var redeemed = honest(ledger, true);
    ledger.get().redeem(redeemed.serial(), TokenDigest.ofToken(redeemed.text()), true);
    var revoked = honest(ledger);
    ledger.get().revoke(revoked.serial());

    assertProof(judge(forged(redeemed.serial().toString())), Reason.ALTERED);
    assertProof(judge(forged(revoked.serial().toString())), Reason.ALTERED);
  }

  @Test
  void reservedAndVoidSlots_prove() {
    var reserved = ledger.get().reserve();
    var cancelled = ledger.get().reserve();
    ledger.get().cancel(cancelled);

    assertProof(judge(forged(reserved.toString())), Reason.NOT_ISSUED);
    assertProof(judge(forged(cancelled.toString())), Reason.NOT_ISSUED);
  }

  @Test
  void voidSlotOfAnOlderBook_proves() {
    var cancelled = ledger.get().reserve();
    ledger.get().cancel(cancelled);
    honest(ledger);
    ledger.awaitMark(2);
    ledger.restart();

    var judgement = judge(forged(cancelled.toString()));

    assertProof(judgement, Reason.NOT_ISSUED);
    assertThat(judgement.proof().finding()).isEqualTo(Finding.VOID);
  }

  @Test
  void expiredForgery_provesAndIsExpired() {
    var token = forged(new Serial(7, 7, 7).toString());
    clock.advance(Duration.ofDays(1));

    assertProof(judge(token), Reason.EXPIRED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"aud\":\"https://other\"",
        ",\"extra\":{\"a\":[1,2]}",
        ",\"cnf\":{\"jkt\":\"x\"}",
        ",\"exp2\":1.5",
        ",\"nbf\":99999999999"
      })
  void oddClaims_proveToo(String more) {
    var payload = "{\"sub\":\"kim\",\"jti\":\"AAAAAAAAAAAAAAAAAAAAAA\"" + more + "}";

    assertProof(judge(keys.forge(keys.activeKid(), payload)), Reason.NOT_ISSUED);
  }

  @Test
  void arrayAudience_provesToo() {
    var payload = "{\"sub\":\"kim\",\"aud\":[\"a\",\"b\"],\"jti\":\"AAAAAAAAAAAAAAAAAAAAAA\"}";

    assertProof(judge(keys.forge(keys.activeKid(), payload)), Reason.NOT_ISSUED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"ES256\"}",
        "{}",
        "{\"alg\":\"none\"}",
        "{\"alg\":\"RS256\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"kid\":\"unheard-of\"}",
        "{\"alg\":\"ES256\",\"kid\":17}",
        "{\"alg\":\"ES256\",\"crit\":[\"x\"],\"jwk\":{\"kty\":\"oct\"}}"
      })
  void headersThatHideTheKey_proveToo(String header) {
    for (int i = 0; i < 5; i++) {
      keys.add(KeyPurpose.ACCESS_TOKEN, KeyState.DESTROYED);
    }

    assertProof(judge(keys.forge(keys.activeKid(), header, "{}")), Reason.NOT_ISSUED);
  }

  @ParameterizedTest
  @EnumSource(KeyState.class)
  void keyInAnyState_proves(KeyState state) {
    keys.setState(keys.activeKid(), state);

    assertProof(judge(forged(new Serial(7, 7, 7).toString())), Reason.NOT_ISSUED);
  }

  @Test
  void otherKeyOfOursInTheHeader_provesTheOneThatSigned() {
    var other = keys.add(KeyPurpose.ACCESS_TOKEN, KeyState.RETIRING);
    var idKey = keys.add(KeyPurpose.ID_TOKEN, KeyState.ACTIVE);
    for (var kid : new String[] {other, idKey}) {
      var header = "{\"alg\":\"ES256\",\"kid\":\"" + kid + "\"}";

      assertProof(judge(keys.forge(keys.activeKid(), header, "{}")), Reason.NOT_ISSUED);
    }
  }

  /// An RSA key under whatever header, by either algorithm: who made it has the private half.
  @ParameterizedTest
  @EnumSource(names = {"RS256", "PS256"})
  void rsaKey_provesByEitherAlgorithmUnderAnyHeader(Algorithm algorithm) {
    var kid = keys.add(Algorithm.RS256, KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE);
    for (int i = 0; i < 40; i++) {
      keys.add(KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE);
    }
    for (var alg : new String[] {"RS256", "PS256", "ES256", "HS256", "none"}) {
      for (var named : new String[] {kid, keys.activeKid(), "unheard-of"}) {
        var token = keys.forge(kid, algorithm, TestKeys.header(alg, named), "{}");
        assertThat(judge(token).proof().kid()).as(alg).isEqualTo(kid);
      }
    }
  }

  /// While others wait the named key alone is tried: one check for each token of a flood.
  @Test
  void crowded_namedKeyAloneProves() {
    var judge = new Judge(keys, ledger.get(), new SignatureCheck(null), clock);
    var active = keys.activeKid();
    var other = keys.add(KeyPurpose.ACCESS_TOKEN, KeyState.RETIRING);
    var serial = new Serial(7, 7, 7).toString();
    assertProof(judge.judge(forged(serial), true), Reason.NOT_ISSUED);
    var renamed = keys.forge(other, TestKeys.header("ES256", active), "{}");
    assertNone(judge.judge(renamed, true), Reason.BAD_SIGNATURE);
    assertThat(judge.judge(renamed, false).proof().kid()).isEqualTo(other);
    var unheardOf = keys.forge(active, TestKeys.header("ES256", "unheard-of"), "{}");
    assertNone(judge.judge(unheardOf, true), Reason.UNKNOWN_KEY);
    assertProof(judge.judge(unheardOf, false), Reason.NOT_ISSUED);
  }

  // What never proves: signatures.

  /// The public half is no secret, so what is made from it proves nothing; nor does a signature of
  /// another key under our kid.
  @Test
  void rsaPublicKey_asASecret_provesNothing() throws Exception {
    var kid = keys.add(Algorithm.RS256, KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE);
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(keys.shown(kid).key().getEncoded(), "HmacSHA256"));
    var input =
        Base64Url.encode(TestKeys.header("HS256", kid).getBytes(StandardCharsets.US_ASCII))
            + "."
            + Base64Url.encode("{}".getBytes(StandardCharsets.US_ASCII));
    var tag = mac.doFinal(input.getBytes(StandardCharsets.US_ASCII));
    assertNone(judge(input + "." + Base64Url.encode(tag)), Reason.UNKNOWN_KEY);

    var other = new TestKeys();
    var foreign = other.add(Algorithm.RS256, KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE);
    assertNone(
        judge(other.forge(foreign, TestKeys.header("RS256", kid), "{}")), Reason.BAD_SIGNATURE);
    assertNone(
        judge(other.forge(other.activeKid(), TestKeys.header("ES256", kid), "{}")),
        Reason.UNKNOWN_KEY);
  }

  @Test
  void aVerifiersMereWord_provesNothing() {
    var honest = honest(ledger).text();
    var dot = honest.lastIndexOf('.');
    var other = new TestKeys();

    assertNone(judge(honest.substring(0, dot + 1) + "AAAA"), Reason.BAD_SIGNATURE);
    assertNone(judge(other.forge(other.activeKid(), "{}")), Reason.UNKNOWN_KEY);
    var header = "{\"alg\":\"ES256\",\"kid\":\"" + keys.activeKid() + "\"}";
    assertNone(judge(other.forge(other.activeKid(), header, "{}")), Reason.BAD_SIGNATURE);
    assertNone(judge(other.forge(other.activeKid(), "{}", "{}")), Reason.UNKNOWN_KEY);
  }

  @Test
  void contentChangedUnderAnHonestSignature_provesNothing() {
    var honest = honest(ledger).text().split("\\.");
    var payload = Base64Url.encode(claims("AAAAAAAAAAAAAAAAAAAAAA", "").getBytes());

    assertNone(judge(honest[0] + "." + payload + "." + honest[2]), Reason.BAD_SIGNATURE);
  }

  @ParameterizedTest
  @EnumSource(value = KeyPurpose.class, names = "ACCESS_TOKEN", mode = EnumSource.Mode.EXCLUDE)
  void keyOfAnotherPurpose_provesNothing(KeyPurpose purpose) {
    var other = keys.add(purpose, KeyState.ACTIVE);

    assertNone(judge(keys.forge(other, "{}")), Reason.UNKNOWN_KEY);
    assertNone(judge(keys.forge(other, "{\"alg\":\"ES256\"}", "{}")), Reason.UNKNOWN_KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a.b", "a.b.c", "e30.e30.", "e30.e30.AA=", "e30.e30.A.A"})
  void textThatIsNoToken_provesNothing(String text) {
    assertNone(judge(text), Reason.MALFORMED);
  }

  @Test
  void hugeText_provesNothing() {
    assertNone(judge("e30." + "A".repeat(9_000) + ".AAAA"), Reason.MALFORMED);
  }

  // What never proves: honest tokens.

  @Test
  void honestToken_provesNothingInAnyState() {
    var token = honest(ledger, true);
    assertNone(judge(token.text()), null);

    ledger.get().redeem(token.serial(), TokenDigest.ofToken(token.text()), true);
    assertNone(judge(token.text()), Reason.ALREADY_REDEEMED);

    ledger.get().revoke(token.serial());
    assertNone(judge(token.text()), Reason.REVOKED);
  }

  @Test
  void otherSignatureOverTheSameContent_provesNothing() {
    var token = honest(ledger).text();
    var dot = token.lastIndexOf('.');
    var signature = Base64Url.decode(token.substring(dot + 1));
    var s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
    var mirrored = P256_ORDER.subtract(s).toByteArray();
    Arrays.fill(signature, 32, 64, (byte) 0);
    var length = Math.min(32, mirrored.length);
    System.arraycopy(mirrored, mirrored.length - length, signature, 64 - length, length);

    assertNone(judge(token.substring(0, dot + 1) + Base64Url.encode(signature)), null);
  }

  @Test
  void honestTokenOfYesterday_provesNothing() {
    var token = honest(ledger);
    clock.advance(Duration.ofDays(1));
    assertNone(judge(token.text()), Reason.EXPIRED);

    ledger.restart();
    assertNone(judge(token.text()), Reason.EXPIRED);
  }

  @Test
  void honestTokenOfADroppedBook_provesNothing() {
    var token = honest(ledger);
    ledger.awaitMark(1);
    ledger.restart();
    clock.advance(Duration.ofDays(3));
    for (int i = 0; i < 5; i++) {
      ledger.get().maintain();
    }
    ledger.restart();

    assertThat(ledger.get().lookup(token.serial(), TokenDigest.ofToken(token.text())))
        .isEqualTo(Finding.UNKNOWN_BOOK);
    var judgement = judge(token.text());
    assertNone(judgement, Reason.EXPIRED);
    assertThat(judgement.unproven()).isFalse();
  }

  @Test
  void slowAndFastClocks_proveNothing() {
    var token = honest(ledger);
    for (var step : new int[] {-400_000, 1, 300, 400, 800_000, -100_000}) {
      clock.advance(Duration.ofSeconds(step));
      assertThat(judge(token.text()).conclusion()).isEqualTo(Conclusion.NONE);
      assertProof(judge(keys.forge(keys.activeKid(), "{}")), Reason.NOT_ISSUED);
    }
  }

  // What never proves: books that cannot tell.

  @Test
  void otherNodesBook_provesNothing() {
    try (var other = ledger.otherNode(folder.resolve("b"))) {
      ledger.restart();
      var token = honest(other);

      assertNone(judge(token.text()), Reason.LEDGER_UNAVAILABLE);
      assertNone(judge(forged(token.serial().toString())), Reason.LEDGER_UNAVAILABLE);
      assertThat(judge(forged(token.serial().toString())).unproven()).isTrue();
    }
  }

  @Test
  void stagingClone_provesNothingEitherWay() {
    try (var clone = ledger.cloned(folder.resolve("b"))) {
      assertDoubt(ledger, honest(clone));
      assertDoubt(clone, honest(ledger));
    }
  }

  private void assertDoubt(TestLedger by, Token token) {
    assertNone(judge(by, token.text()), Reason.LEDGER_DOUBT);
    var forgery = judge(by, forged(token.serial().toString()));
    assertNone(forgery, Reason.LEDGER_DOUBT);
    assertThat(forgery.unproven()).isTrue();
  }

  @Test
  void missingBook_provesNothing() throws IOException {
    var token = honest(ledger);
    ledger.awaitMark(1);
    var file = ledger.bookFile(token.serial().book());
    ledger.stop();
    Files.delete(file);
    ledger.start("node-1", "boot-1");

    assertDoubt(ledger, token);
  }

  @Test
  void cutBook_provesNothing() throws IOException {
    var token = honest(ledger);
    ledger.awaitMark(1);
    var file = ledger.bookFile(token.serial().book());
    ledger.stop();
    try (var cut = new RandomAccessFile(file.toFile(), "rw")) {
      cut.setLength(cut.length() / 2);
    }
    ledger.start("node-1", "boot-1");

    assertDoubt(ledger, token);
  }

  @ParameterizedTest
  @ValueSource(strings = {"zeros", "ones", "flipped"})
  void damagedBook_provesNothing(String how) throws IOException {
    var token = honest(ledger);
    ledger.awaitMark(1);
    var file = ledger.bookFile(token.serial().book());
    ledger.stop();
    var bytes = Files.readAllBytes(file);
    damage(bytes, how);
    Files.write(file, bytes);
    ledger.start("node-1", "boot-1");

    assertDoubt(ledger, token);
  }

  /// The last slots of the file, in which the token stands or not, and whatever is before them.
  private static void damage(byte[] bytes, String how) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] =
          switch (how) {
            case "zeros" -> 0;
            case "ones" -> (byte) 0xff;
            default -> (byte) (bytes[i] ^ 0x10);
          };
    }
  }

  @Test
  void damagedEntry_provesNothing() throws IOException {
    var token = honest(ledger);
    ledger.awaitMark(1);
    var file = ledger.bookFile(token.serial().book());
    ledger.stop();
    var digest = TokenDigest.ofToken(token.text());
    var before = Files.readAllBytes(file);
    var changed = 0;
    for (int at = 0; at + 32 <= before.length; at += 32) {
      if (holds(before, at, digest)) {
        before[at + 3] ^= 1;
        changed++;
      }
    }
    assertThat(changed).isEqualTo(1);
    Files.write(file, before);
    ledger.start("node-1", "boot-1");

    assertDoubt(ledger, token);
  }

  private static boolean holds(byte[] bytes, int at, TokenDigest digest) {
    var buffer = java.nio.ByteBuffer.wrap(bytes);
    var little = java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    return (buffer.getLong(at) == digest.high() && buffer.getLong(at + 8) == digest.low())
        || (little.getLong(at) == digest.high() && little.getLong(at + 8) == digest.low());
  }

  @Test
  void restoredBooks_proveNothing() {
    honest(ledger);
    ledger.awaitMark(1);
    var backup = folder.resolve("backup");
    TestLedger.copy(ledger.folder.resolve("books"), backup);
    var late = honest(ledger);
    ledger.awaitMark(2);
    ledger.stop();
    TestLedger.copy(backup, ledger.folder.resolve("books"));
    ledger.start("node-1", "boot-1");

    assertDoubt(ledger, late);
  }

  @Test
  void slotLostInAPowerFailure_provesNothing() {
    honest(ledger);
    ledger.awaitMark(1);
    var open = ledger.get().reserve();
    try (var next = ledger.killedInto(folder.resolve("b"))) {
      assertThat(next.get().lookup(open, new TokenDigest(1, 2))).isEqualTo(Finding.UNRECORDED);
      assertNone(judge(next, forged(open.toString())), Reason.LEDGER_DOUBT);
    }
  }

  @Test
  void entryOfAKilledServer_isStillKnown() {
    var token = honest(ledger);
    try (var next = ledger.killedInto(folder.resolve("b"))) {
      assertNone(judge(next, token.text()), null);
      assertProof(judge(next, forged(token.serial().toString())), Reason.ALTERED);
    }
  }

  @Test
  void closedLedger_givesNoJudgement() {
    var token = honest(ledger).text();
    ledger.stop();

    assertThatThrownBy(() -> judge(token)).isInstanceOf(IssuanceException.class);
    ledger.start("node-1", "boot-1");
  }

  @Test
  void whatIsPrinted_holdsNoSubjectAndNoToken() {
    var judgement = judge(forged(new Serial(7, 7, 7).toString()));

    assertThat(judgement.toString())
        .doesNotContain("kim")
        .doesNotContain(judgement.proof().token());
  }
}
