package dev.ingam.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.CompactJws;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
class VerifierFuzzTest {
  private static final long NOW = 1_764_000_000;
  private static final TestIssuer ISSUER = new TestIssuer();
  private static final String GOOD = ISSUER.token(NOW, NOW + 300);

  static Stream<byte[]> seeds() {
    var forged = ISSUER.token(NOW, NOW + 300);
    return Stream.concat(
            Stream.of(
                GOOD,
                TestIssuer.resigned(GOOD),
                forged,
                ISSUER.token(1, 2),
                ISSUER.jws("{\"alg\":\"none\"}", "{}"),
                ".."),
            Stream.of(texts(GOOD), texts(forged), texts(ISSUER.token(1, 2)), "{}\0{}"))
        .map(seed -> seed.getBytes(StandardCharsets.UTF_8));
  }

  /// Whatever comes is refused, but for the one token that was issued (with one of its signatures);
  /// and what a key of ours signed and the ledger never held reaches the server, to be judged.
  ///
  /// Bytes with a zero among them are the JSON of a header and a payload, and the thief of the key
  /// signs them.
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void verify(byte[] bytes) {
    var token = token(bytes);
    var key = ISSUER.key(KeyState.ACTIVE);
    KeySource keys = kid -> kid.equals(key.kid()) ? key : null;
    for (var lookupFirst : List.of(false, true)) {
      var ledger = new FakeLedger();
      ledger.enter(GOOD);
      var builder = Verifier.builder(keys, ledger, new MovableClock(NOW));
      var verifier = lookupFirst ? builder.lookupFirst(1).build() : builder.build();
      if (verifier.verify(token, TestIssuer.EXPECTED) instanceof Verdict.Refused refused) {
        assertThat(refused.detail()).isNotBlank();
        assertThat(!isForgedWithOurKey(bytes, token) || hasReached(ledger, token)).isTrue();
      } else {
        assertThat(token).startsWith(signed(GOOD));
      }
    }
  }

  private static boolean isForgedWithOurKey(byte[] bytes, String token) {
    var jws = CompactJws.read(token);
    return indexOfZero(bytes) >= 0
        && jws != null
        && "ES256".equals(jws.algorithm())
        && ISSUER.key(KeyState.ACTIVE).kid().equals(jws.kid())
        && !token.startsWith(signed(GOOD));
  }

  private static boolean hasReached(FakeLedger ledger, String token) {
    return Stream.of(
            ledger.reported.stream(),
            ledger.lookups.stream().map(LedgerItem::token),
            ledger.redemptions.stream().map(LedgerItem::token))
        .anyMatch(tokens -> tokens.anyMatch(token::equals));
  }

  private static String token(byte[] bytes) {
    var zero = indexOfZero(bytes);
    if (zero < 0) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    var header = Base64Url.encode(Arrays.copyOf(bytes, zero));
    var payload = Base64Url.encode(Arrays.copyOfRange(bytes, zero + 1, bytes.length));
    var input = header + "." + payload;
    return input + "." + Base64Url.encode(ISSUER.sign(input.getBytes(StandardCharsets.US_ASCII)));
  }

  private static int indexOfZero(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return i;
      }
    }
    return -1;
  }

  private static String texts(String token) {
    var jws = CompactJws.read(token);
    var header = Base64Url.decode(token.substring(0, token.indexOf('.')));
    return new String(header, StandardCharsets.UTF_8)
        + "\0"
        + new String(jws.payload(), StandardCharsets.UTF_8);
  }

  private static String signed(String token) {
    return token.substring(0, token.lastIndexOf('.'));
  }
}
