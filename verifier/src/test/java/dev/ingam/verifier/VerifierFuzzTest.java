package dev.ingam.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
class VerifierFuzzTest {
  private static final long NOW = 1_764_000_000;
  private static final TestIssuer ISSUER = new TestIssuer();
  private static final String GOOD = ISSUER.token(NOW, NOW + 300);

  static Stream<byte[]> seeds() {
    return Stream.of(
            GOOD,
            TestIssuer.resigned(GOOD),
            ISSUER.token(NOW, NOW + 300),
            ISSUER.token(1, 2),
            ISSUER.jws("{\"alg\":\"none\"}", "{}"),
            "..")
        .map(token -> token.getBytes(StandardCharsets.UTF_8));
  }

  /// Whatever comes is refused, but for the one token that was issued (with one of its signatures).
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void verify(byte[] bytes) {
    var ledger = new FakeLedger();
    ledger.enter(GOOD);
    var key = ISSUER.key(KeyState.ACTIVE);
    KeySource keys = kid -> kid.equals(key.kid()) ? key : null;
    var clock = new MovableClock(NOW);
    var token = new String(bytes, StandardCharsets.UTF_8);
    for (var verifier :
        new Verifier[] {
          Verifier.builder(keys, ledger, clock).build(),
          Verifier.builder(keys, ledger, clock).lookupFirst(1).build()
        }) {
      var verdict = verifier.verify(token, TestIssuer.EXPECTED);
      if (verdict instanceof Verdict.Accepted) {
        assertThat(token).startsWith(GOOD.substring(0, GOOD.lastIndexOf('.')));
      } else {
        assertThat(((Verdict.Refused) verdict).detail()).isNotBlank();
      }
    }
  }
}
