package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ingam.wire.CompactJws;
import dev.ingam.wire.SignatureCheck;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
class ForeignJwtFuzzTest {
  private static final KeyPair PINNED = IssuanceFixture.keyPair();
  private static final KeyPair ATTACKER = IssuanceFixture.keyPair();
  private static final SignatureCheck SIGNATURES = new SignatureCheck(null);
  private static final String HEADER = "{\"alg\":\"Ed25519\",\"typ\":\"JWT\"}";
  private static final String CLAIMS = "{\"iss\":\"a\",\"sub\":\"a\",\"aud\":[\"b\"],\"exp\":1}";
  private static final String GOOD = IssuanceFixture.jwt(PINNED, HEADER, CLAIMS);

  static Stream<byte[]> seeds() {
    return Stream.of(
            GOOD,
            IssuanceFixture.jwt(ATTACKER, HEADER, CLAIMS),
            GOOD.substring(0, GOOD.lastIndexOf('.') + 1),
            "..",
            HEADER + "\0" + CLAIMS,
            "{\"alg\":\"EdDSA\",\"kid\":\"k\",\"jku\":\"https://a\",\"x5c\":[\"AA\"]}\0" + CLAIMS,
            "{\"alg\":\"Ed25519\",\"crit\":[\"b64\"],\"b64\":false}\0" + CLAIMS,
            "{\"alg\":\"none\",\"zip\":\"DEF\"}\0{}",
            "{\"alg\":\"Ed25519\",\"typ\":\"at+JWT\"}\0{\"aud\":\"b\",\"aud\":\"c\"}")
        .map(seed -> seed.getBytes(StandardCharsets.UTF_8));
  }

  /// Whatever comes is no JWT of somebody else's, or one whose payload is what it looks like; and
  /// nothing is signed by a pinned key but what that key signed.
  ///
  /// Bytes with a zero among them are the JSON of a header and a payload, and an attacker signs
  /// them.
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void read(byte[] bytes) {
    var token = token(new String(bytes, StandardCharsets.UTF_8));
    var jwt = ForeignJwt.read(token);
    if (jwt == null) {
      return;
    }
    var jws = CompactJws.read(token);
    assertThat(List.of("crit", "b64", "zip")).noneMatch(jws::headerHas);
    assertThat(String.valueOf(jws.type())).doesNotContainIgnoringCase("at+jwt");
    assertThat(jwt.toString()).isEqualTo("[redacted]");
    assertThat(jwt.isSignedBy(IssuanceFixture.keySet(PINNED), SIGNATURES))
        .isEqualTo(token.equals(GOOD));
    assertThat(jwt.isOnlyFor(Set.of("b")) && jwt.isOnlyFor(Set.of("c"))).isFalse();
  }

  private static String token(String text) {
    var zero = text.indexOf('\0');
    return zero < 0
        ? text
        : IssuanceFixture.jwt(ATTACKER, text.substring(0, zero), text.substring(zero + 1));
  }
}
