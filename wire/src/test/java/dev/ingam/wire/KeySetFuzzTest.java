package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
class KeySetFuzzTest {
  static Stream<byte[]> seeds() {
    return Vectors.list("key-set.json").stream()
        .map(vector -> vector.string("text").getBytes(StandardCharsets.UTF_8));
  }

  /// Each key of a set that is read can be used, and the keys that are published read the same.
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void read(byte[] bytes) {
    if (!(KeySet.read(bytes) instanceof KeySetReading.Read read)) {
      return;
    }
    var check = new SignatureCheck(null);
    for (var key : read.keySet().keys()) {
      assertThat(check.verify(key, new byte[1], wellFormedSignature(key))).isFalse();
    }
    var published =
        read.keySet().keys().stream()
            .filter(key -> key.state().isPublic())
            .filter(key -> isOfTokens(key.purpose()))
            .map(key -> new Half(key.kid(), key.algorithm(), key.key()))
            .toList();
    var again = (KeySetReading.Read) KeySet.read(read.keySet().toJson(false));
    assertThat(again.keySet().keys())
        .extracting(key -> new Half(key.kid(), key.algorithm(), key.key()))
        .isEqualTo(published);
  }

  /// What a public set says of a key.
  private record Half(String kid, Algorithm algorithm, PublicKey key) {}

  private static boolean isOfTokens(KeyPurpose purpose) {
    return purpose == KeyPurpose.ACCESS_TOKEN || purpose == KeyPurpose.ID_TOKEN;
  }

  /// Ones in the form that the algorithm wants, so that it is the key that decides.
  private static byte[] wellFormedSignature(VerificationKey key) {
    var length = key.key() instanceof RSAPublicKey rsa ? rsa.getModulus().bitLength() + 7 : 64 * 8;
    var signature = new byte[length / 8];
    signature[signature.length / 2 - 1] = 1;
    signature[signature.length - 1] = 1;
    return signature;
  }
}
