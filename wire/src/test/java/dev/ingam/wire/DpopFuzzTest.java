package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
class DpopFuzzTest {
  private static final DpopCheck CHECK =
      new DpopCheck(
          new SignatureCheck(null),
          new ReplayMemory(1_000, new SecureRandom()),
          null,
          Clock.systemUTC());

  static Stream<byte[]> seeds() {
    var proofs = Vectors.list("dpop.json").stream().map(vector -> vector.string("proof"));
    return Stream.concat(
            proofs,
            Vectors.list("dpop.json").stream()
                .map(vector -> CompactJws.read(vector.string("proof")))
                .filter(jws -> jws != null)
                .map(DpopFuzzTest::pair))
        .map(seed -> seed.getBytes(StandardCharsets.UTF_8));
  }

  private static String pair(CompactJws jws) {
    var header = jws.token().substring(0, jws.token().indexOf('.'));
    return new String(Base64Url.decode(header), StandardCharsets.UTF_8)
        + "\0"
        + new String(jws.payload(), StandardCharsets.UTF_8);
  }

  /// Whatever comes is read or has a problem, and nothing that nobody signed is good. Bytes with a
  /// zero among them are the JSON of header and payload.
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void proof(byte[] bytes) {
    var text = text(bytes);
    var reading = DpopProof.read(text);
    var request =
        new DpopCheck.Request("GET", Set.of(TargetUri.of("https://api.example/x")), "shop", null);
    var result = CHECK.check(text, request);
    assertThat(result.thumbprint()).isNull();
    assertThat(result.problem()).isNotNull();
    var proof = reading.proof();
    if (proof == null) {
      assertThat(reading.problem()).isEqualTo(result.problem());
    } else {
      assertThat(proof.key().kid()).isEqualTo(VerificationKey.thumbprint(proof.key().key()));
      assertThat(proof.claims().id()).isNotEmpty();
    }
  }

  private static String text(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return Base64Url.encode(Arrays.copyOf(bytes, i))
            + "."
            + Base64Url.encode(Arrays.copyOfRange(bytes, i + 1, bytes.length))
            + ".AAAA";
      }
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
