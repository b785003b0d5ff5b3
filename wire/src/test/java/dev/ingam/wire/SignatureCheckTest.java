package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// With the native provider, the JDK's own, and whichever the JDK chooses.
class SignatureCheckTest {
  private static final SigningKeys KEYS = SigningKeys.make();

  static Stream<Named<@Nullable Provider>> providers() {
    return Stream.of(
        Named.of("ACCP", (Provider) AmazonCorrettoCryptoProvider.INSTANCE),
        Named.of("SunEC", Security.getProvider("SunEC")),
        Named.of("the JDK's choice", null));
  }

  static Stream<Arguments> providersAndVectors() {
    return providers()
        .flatMap(
            provider -> Vectors.of("signature.json").map(vector -> Arguments.of(provider, vector)));
  }

  @Test
  void accp_isThere() {
    assertThat(AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError()).isNull();
  }

  @ParameterizedTest
  @MethodSource("providersAndVectors")
  void verify_vector(@Nullable Provider provider, JsonObject vector) {
    var key =
        new VerificationKey(
            "k",
            Algorithm.ofJose(vector.string("algorithm")),
            VectorsTest.key(vector),
            KeyPurpose.ACCESS_TOKEN,
            KeyState.ACTIVE);
    var jws = CompactJws.read(vector.string("jws"));
    var check = new SignatureCheck(provider);
    var good = check.verify(key, jws.signingInput(), jws.signature());
    assertThat(good ? "good" : "bad").isEqualTo(vector.string("expect"));
  }

  /// Signature objects are used again, so a bad signature must leave nothing behind.
  @ParameterizedTest
  @MethodSource("providers")
  void verify_badThenGood(@Nullable Provider provider) {
    var check = new SignatureCheck(provider);
    var input = "input".getBytes(StandardCharsets.UTF_8);
    var es256 = KEYS.signEs256(input);
    var ed25519 = KEYS.signEd25519(input);
    var junk = new byte[64];
    junk[31] = 1;
    junk[63] = 1;
    for (var i = 0; i < 10; i++) {
      assertThat(check.verify(KEYS.es256(), input, junk)).isFalse();
      assertThat(check.verify(KEYS.es256(), input, new byte[64])).isFalse();
      assertThat(check.verify(KEYS.es256(), input, es256)).isTrue();
      assertThat(check.verify(KEYS.es256(), new byte[] {1}, es256)).isFalse();
      assertThat(check.verify(KEYS.ed25519(), input, junk)).isFalse();
      assertThat(check.verify(KEYS.ed25519(), input, ed25519)).isTrue();
    }
  }

  /// Two foreign issuers may name their keys alike.
  @ParameterizedTest
  @MethodSource("providers")
  void verify_sameKidOfDifferentKeys(@Nullable Provider provider) {
    var other = SigningKeys.make();
    var check = new SignatureCheck(provider);
    var input = new byte[] {1, 2, 3};
    var one = renamed(KEYS.es256());
    var two = renamed(other.es256());
    for (var i = 0; i < 3; i++) {
      assertThat(check.verify(one, input, KEYS.signEs256(input))).isTrue();
      assertThat(check.verify(two, input, KEYS.signEs256(input))).isFalse();
      assertThat(check.verify(two, input, other.signEs256(input))).isTrue();
      assertThat(check.verify(one, input, other.signEs256(input))).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void verify_fromManyThreads(@Nullable Provider provider) throws Exception {
    var check = new SignatureCheck(provider);
    var threads = Executors.newFixedThreadPool(8);
    try {
      var work = new ArrayList<Callable<Integer>>();
      for (var i = 0; i < 8; i++) {
        var input = new byte[] {(byte) i};
        var good = KEYS.signEs256(input);
        var bad = KEYS.signEs256(new byte[] {(byte) (i + 1)});
        work.add(() -> wrongAnswers(check, input, good, bad));
      }
      for (var wrong : threads.invokeAll(work)) {
        assertThat(wrong.get()).isZero();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void verify_ps256(@Nullable Provider provider) throws Exception {
    var jws = new JWSObject(new JWSHeader(JWSAlgorithm.PS256), new Payload("x"));
    jws.sign(new RSASSASigner(KEYS.rsaPair().getPrivate()));
    var key =
        new VerificationKey(
            "k",
            Algorithm.PS256,
            KEYS.rsaPair().getPublic(),
            KeyPurpose.ACCESS_TOKEN,
            KeyState.ACTIVE);
    var read = CompactJws.read(jws.serialize());
    var check = new SignatureCheck(provider);
    assertThat(check.verify(key, read.signingInput(), read.signature())).isTrue();
    assertThat(check.verify(key, new byte[1], read.signature())).isFalse();
    assertThat(check.verify(KEYS.rsa(), read.signingInput(), read.signature())).isFalse();
    assertThat(check.verify(key, read.signingInput(), read.signature())).isTrue();
  }

  /// Who makes a signature of either kind has the private half; that no verifier takes the one that
  /// is not the key's makes it no less a proof.
  @ParameterizedTest
  @MethodSource("providers")
  void proves_alsoByTheOtherAlgorithmOfAnRsaKey(@Nullable Provider provider) {
    var check = new SignatureCheck(provider);
    var input = "input".getBytes(StandardCharsets.UTF_8);
    var rs256 = KEYS.signRs256(input);
    var other =
        new VerificationKey(
            KEYS.rsa().kid(),
            Algorithm.PS256,
            KEYS.rsa().key(),
            KeyPurpose.ACCESS_TOKEN,
            KeyState.ACTIVE);
    assertThat(check.proves(KEYS.rsa(), input, rs256)).isTrue();
    assertThat(check.proves(other, input, rs256)).isTrue();
    assertThat(check.verify(other, input, rs256)).isFalse();
    assertThat(check.proves(other, new byte[1], rs256)).isFalse();
    assertThat(check.proves(KEYS.es256(), input, KEYS.signEs256(input))).isTrue();
    assertThat(check.proves(KEYS.es256(), input, rs256)).isFalse();
    assertThat(check.proves(KEYS.rsa(), input, KEYS.signEs256(input))).isFalse();
  }

  /// More keys than are kept ready.
  @Test
  void verify_manyKids() {
    var check = new SignatureCheck(null);
    var input = new byte[] {7};
    var signature = KEYS.signEs256(input);
    for (var i = 0; i < 300; i++) {
      var key =
          new VerificationKey(
              "k" + i,
              Algorithm.ES256,
              KEYS.ecPair().getPublic(),
              KeyPurpose.ACCESS_TOKEN,
              KeyState.ACTIVE);
      assertThat(check.verify(key, input, signature)).isTrue();
    }
  }

  private static int wrongAnswers(SignatureCheck check, byte[] input, byte[] good, byte[] bad) {
    var wrong = 0;
    for (var n = 0; n < 30; n++) {
      wrong += check.verify(KEYS.es256(), input, good) ? 0 : 1;
      wrong += check.verify(KEYS.es256(), input, bad) ? 1 : 0;
    }
    return wrong;
  }

  private static VerificationKey renamed(VerificationKey key) {
    return new VerificationKey("same", key.algorithm(), key.key(), key.purpose(), key.state());
  }
}
