package dev.ingam.verifier;

import static dev.ingam.verifier.TestIssuer.AUDIENCE;
import static dev.ingam.verifier.TestIssuer.EXPECTED;
import static dev.ingam.verifier.TestIssuer.ISSUER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.wire.Algorithm;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Serial;
import dev.ingam.wire.Verdict;
import dev.ingam.wire.VerificationKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/// An ES256 key, an RS256 key and a PS256 key of one issuer, all live: the key says the algorithm,
/// and every token is in the ledger, so that nothing but the signature rule can refuse it.
class AlgorithmConfusionTest {
  private static final long NOW = 1_764_000_000;

  private final TestIssuer ec = new TestIssuer();
  private final KeyPair rsa = rsaPair();
  private final KeyPair pss = rsaPair();
  private final String ecKid = ec.key(KeyState.ACTIVE).kid();
  private final String rsaKid = VerificationKey.thumbprint(rsa.getPublic());
  private final String pssKid = VerificationKey.thumbprint(pss.getPublic());
  private final FakeLedger ledger = new FakeLedger();
  private final Map<String, VerificationKey> keys = new ConcurrentHashMap<>();
  private final Verifier verifier =
      Verifier.builder(keys::get, ledger, new MovableClock(NOW)).build();
  private int slot;

  AlgorithmConfusionTest() {
    keys.put(ecKid, ec.key(KeyState.ACTIVE));
    keys.put(rsaKid, shown(Algorithm.RS256, rsa));
    keys.put(pssKid, shown(Algorithm.PS256, pss));
  }

  private static VerificationKey shown(Algorithm algorithm, KeyPair pair) {
    return VerificationKey.ours(
        algorithm, pair.getPublic(), KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE);
  }

  private interface Signer {
    byte[] sign(byte[] input) throws GeneralSecurityException;
  }

  private String token(String alg, String kid, Signer signer) {
    var header = "{\"alg\":\"" + alg + "\",\"kid\":\"" + kid + "\",\"typ\":\"at+jwt\"}";
    var payload =
        "{\"iss\":\"%s\",\"sub\":\"u\",\"aud\":\"%s\",\"client_id\":\"c\",\"iat\":%d,\"exp\":%d,\"jti\":\"%s\"}"
            .formatted(ISSUER, AUDIENCE, NOW, NOW + 300, new Serial(1, ++slot, 3));
    var input = part(header) + "." + part(payload);
    try {
      var signature = signer.sign(input.getBytes(StandardCharsets.US_ASCII));
      return ledger.enter(input + "." + Base64Url.encode(signature));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private Reason refusal(String alg, String kid, Signer signer) {
    var verdict = verifier.verify(token(alg, kid, signer), EXPECTED);
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    return ((Verdict.Refused) verdict).reason();
  }

  @Test
  void eachKey_byItsOwnAlgorithm_isAccepted() {
    for (var token :
        new String[] {
          token("ES256", ecKid, ec::sign),
          token("RS256", rsaKid, this::rs256),
          token("PS256", pssKid, input -> pss(pss, input))
        }) {
      assertThat(verifier.verify(token, EXPECTED)).isInstanceOf(Verdict.Accepted.class);
    }
  }

  @Test
  void rs256Key_underAnotherHeader() {
    assertThat(refusal("PS256", rsaKid, input -> pss(rsa, input))).isEqualTo(Reason.UNKNOWN_KEY);
    assertThat(refusal("PS256", rsaKid, this::rs256)).isEqualTo(Reason.UNKNOWN_KEY);
    assertThat(refusal("RS256", rsaKid, input -> pss(rsa, input))).isEqualTo(Reason.BAD_SIGNATURE);
    assertThat(refusal("ES256", rsaKid, this::rs256)).isEqualTo(Reason.UNKNOWN_KEY);
    assertThat(refusal("RS512", rsaKid, this::rs256)).isEqualTo(Reason.MALFORMED);
    assertThat(refusal("none", rsaKid, this::rs256)).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void hs256_withThePublicKeyAsSecret() {
    for (var alg : new String[] {"HS256", "RS256", "PS256"}) {
      var refusal = refusal(alg, rsaKid, this::hmac);
      assertThat(refusal)
          .isEqualTo(
              switch (alg) {
                case "HS256" -> Reason.MALFORMED;
                case "RS256" -> Reason.BAD_SIGNATURE;
                default -> Reason.UNKNOWN_KEY;
              });
    }
  }

  @Test
  void keysOfTheTwoSets_exchanged() {
    assertThat(refusal("ES256", rsaKid, ec::sign)).isEqualTo(Reason.UNKNOWN_KEY);
    assertThat(refusal("RS256", rsaKid, ec::sign)).isEqualTo(Reason.BAD_SIGNATURE);
    assertThat(refusal("RS256", ecKid, this::rs256)).isEqualTo(Reason.UNKNOWN_KEY);
    assertThat(refusal("ES256", ecKid, this::rs256)).isEqualTo(Reason.BAD_SIGNATURE);
    assertThat(refusal("RS256", pssKid, this::rs256)).isEqualTo(Reason.UNKNOWN_KEY);
    assertThat(refusal("PS256", pssKid, input -> pss(rsa, input))).isEqualTo(Reason.BAD_SIGNATURE);
  }

  /// `s` and `s + n` are one number to arithmetic; one of them is a signature.
  @Test
  void signaturePlusModulus() {
    var modulus = ((RSAPublicKey) rsa.getPublic()).getModulus();
    String token;
    BigInteger sum;
    do {
      token = token("RS256", rsaKid, this::rs256);
      var text = token.substring(token.lastIndexOf('.') + 1);
      sum = new BigInteger(1, Objects.requireNonNull(Base64Url.decode(text))).add(modulus);
    } while (sum.bitLength() > modulus.bitLength());
    var bytes = sum.toByteArray();
    var second = Arrays.copyOfRange(bytes, bytes.length - modulus.bitLength() / 8, bytes.length);
    var twin = token.substring(0, token.lastIndexOf('.') + 1) + Base64Url.encode(second);
    assertThat(twin).hasSameSizeAs(token);
    assertThat(verifier.verify(twin, EXPECTED))
        .isInstanceOfSatisfying(
            Verdict.Refused.class, it -> assertThat(it.reason()).isEqualTo(Reason.BAD_SIGNATURE));
    assertThat(verifier.verify(token, EXPECTED)).isInstanceOf(Verdict.Accepted.class);
  }

  private byte[] rs256(byte[] input) throws GeneralSecurityException {
    var signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(rsa.getPrivate());
    signature.update(input);
    return signature.sign();
  }

  private static byte[] pss(KeyPair pair, byte[] input) throws GeneralSecurityException {
    var signature = Signature.getInstance("RSASSA-PSS");
    signature.setParameter(
        new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
    signature.initSign(pair.getPrivate());
    signature.update(input);
    return signature.sign();
  }

  private byte[] hmac(byte[] input) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(rsa.getPublic().getEncoded(), "HmacSHA256"));
    return mac.doFinal(input);
  }

  private static String part(String json) {
    return Base64Url.encode(json.getBytes(StandardCharsets.UTF_8));
  }

  private static KeyPair rsaPair() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
