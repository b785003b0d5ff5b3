package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.text.ParseException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class KeySetTest {
  private static final SigningKeys KEYS = SigningKeys.make();

  static Stream<Named<JsonObject>> vectors() {
    return Vectors.of("key-set.json");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void read_vector(JsonObject vector) {
    var reading = KeySet.read(vector.string("text").getBytes(StandardCharsets.UTF_8));
    var kids =
        reading instanceof KeySetReading.Read read
            ? read.keySet().keys().stream().map(VerificationKey::kid).toList()
            : null;
    assertThat(kids).isEqualTo(vector.strings("expect"));
  }

  @ParameterizedTest
  @EnumSource(KeyState.class)
  void toJson_showsTheStatesOfItsAudience(KeyState state) {
    var set = new KeySet(List.of(KEYS.es256().withState(state)));
    var isPublic = List.of(KeyState.PREPARED, KeyState.ACTIVE, KeyState.RETIRING).contains(state);
    assertThat(read(set.toJson(false)).keys()).hasSize(isPublic ? 1 : 0);
    assertThat(read(set.toJson(true)).keys())
        .isEqualTo(state == KeyState.DESTROYED ? List.of() : set.keys());
  }

  @ParameterizedTest
  @EnumSource(KeyPurpose.class)
  void toJson_publicSetHoldsKeysOfTokensAlone(KeyPurpose purpose) {
    var key =
        VerificationKey.ours(Algorithm.ED25519, KEYS.ed25519().key(), purpose, KeyState.ACTIVE);
    var set = new KeySet(List.of(key));
    var ofTokens = purpose == KeyPurpose.ACCESS_TOKEN || purpose == KeyPurpose.ID_TOKEN;
    assertThat(read(set.toJson(false)).keys()).hasSize(ofTokens ? 1 : 0);
    assertThat(read(set.toJson(true)).keys()).isEqualTo(set.keys());
  }

  @Test
  void toJson_publicSet_saysNothingOfStates() {
    var set = new KeySet(List.of(KEYS.es256().withState(KeyState.RETIRING)));
    assertThat(new String(set.toJson(false), StandardCharsets.UTF_8)).doesNotContain("ingam_");
  }

  @Test
  void toJson_isReadByAnother() throws ParseException {
    var set = new KeySet(List.of(KEYS.es256(), KEYS.ed25519(), KEYS.rsa()));
    var other = JWKSet.parse(new String(set.toJson(false), StandardCharsets.UTF_8));
    assertThat(other.getKeys()).hasSize(3);
    for (var jwk : other.getKeys()) {
      assertThat(jwk.isPrivate()).isFalse();
      assertThat(set.find(jwk.getKeyID())).isNotNull();
    }
  }

  @Test
  void read_tooLong() {
    var long1 = new byte[256 * 1024 + 1];
    Arrays.fill(long1, (byte) ' ');
    long1[0] = '{';
    assertThat(KeySet.read(long1)).isInstanceOf(KeySetReading.Unreadable.class);
  }

  /// Honest keys are never taken for odd ones.
  @Test
  void read_manyFreshEd25519Keys() throws Exception {
    var generator = KeyPairGenerator.getInstance("Ed25519");
    for (var i = 0; i < 100; i++) {
      var key =
          VerificationKey.ours(
              Algorithm.ED25519,
              generator.generateKeyPair().getPublic(),
              KeyPurpose.ACCESS_TOKEN,
              KeyState.ACTIVE);
      assertThat(read(new KeySet(List.of(key)).toJson(true)).keys()).containsExactly(key);
    }
  }

  @Test
  void keySet_sameKidTwice() {
    assertThatThrownBy(() -> new KeySet(List.of(KEYS.es256(), KEYS.es256())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(KEYS.es256().kid());
  }

  @Test
  void verificationKey_ofAnotherKind() {
    assertThatThrownBy(() ->
            VerificationKey.ours(
                Algorithm.ES256, KEYS.rsa().key(), KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ES256");
  }

  private static KeySet read(byte[] json) {
    return ((KeySetReading.Read) KeySet.read(json)).keySet();
  }
}
