package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DpopCheckTest {
  private static final Instant NOW = Instant.parse("2026-11-23T09:00:30Z");
  private static final SigningKeys KEYS = SigningKeys.make();
  private static final String URI = "https://api.example/orders";

  /// What is found wanting, as the vectors call it.
  private static final Map<String, String> PROBLEMS =
      Map.ofEntries(
          Map.entry("jws", "expected one compact JWS"),
          Map.entry("typ", "expected typ dpop+jwt"),
          Map.entry("jwk", "expected alg ES256, Ed25519, EdDSA, RS256 or PS256, and in jwk"),
          Map.entry("claims", "expected jti of 1 to 255 characters, htm, htu and a whole iat"),
          Map.entry("key", "expected a proof of the key that the token is bound to"),
          Map.entry("htm", "expected htm"),
          Map.entry("address", "expected to know the public address"),
          Map.entry("htu", "expected htu"),
          Map.entry("ath", "expected in ath"),
          Map.entry("iat", "expected iat within a minute"),
          Map.entry("signature", "expected a signature of the key in jwk"));

  private final SignatureCheck signatures = new SignatureCheck(null);
  private final ReplayMemory replays = new ReplayMemory(100, new SecureRandom());
  private Instant now = NOW;
  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return now;
        }

        @Override
        public ZoneOffset getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
          return this;
        }
      };
  private final DpopCheck byTime = new DpopCheck(signatures, replays, null, clock);
  private final DpopNonces nonces = new DpopNonces(new SecureRandom(), clock);
  private final DpopCheck byNonce = new DpopCheck(signatures, replays, nonces, clock);

  static Stream<Named<JsonObject>> vectors() {
    return Vectors.of("dpop.json");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void vector_isAsExpected(JsonObject vector) {
    now = Instant.ofEpochSecond(vector.number("now"));
    var uri = vector.string("uri");
    var token = vector.string("token");
    var request =
        new DpopCheck.Request(
            vector.string("method"),
            uri == null ? Set.of() : Set.of(TargetUri.of(uri)),
            "shop",
            token == null ? null : new DpopCheck.Bound(token, vector.string("thumbprint")));
    var result = byTime.check(vector.string("proof"), request);
    assertThat(result.nonce()).isNull();
    if (vector.string("expect").equals("good")) {
      assertThat(result.problem()).isNull();
      assertThat(result.thumbprint()).isEqualTo("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    } else {
      assertThat(result.thumbprint()).isNull();
      assertThat(result.problem()).startsWith(PROBLEMS.get(vector.string("expect")));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyAlgorithm_isUnderstood(Algorithm algorithm) {
    var result = byTime.check(proof(algorithm, "1", null), request());
    assertThat(result.problem()).isNull();
    assertThat(result.thumbprint()).isEqualTo(key(algorithm).kid());
  }

  @Test
  void proof_isGoodOnce() {
    var proof = proof(Algorithm.ES256, "1", null);
    assertThat(byTime.check(proof, request()).problem()).isNull();
    assertThat(byTime.check(proof, request()).problem()).contains("this one was used");
    now = now.plus(DpopCheck.WINDOW);
    assertThat(byTime.check(proof, request()).problem()).contains("this one was used");
    now = now.plusSeconds(1);
    assertThat(byTime.check(proof, request()).problem()).contains("expected iat");
  }

  /// An id of one key is none of another's.
  @Test
  void ids_areThoseOfTheirKey() {
    assertThat(byTime.check(proof(Algorithm.ES256, "1", null), request()).problem()).isNull();
    assertThat(byTime.check(proof(Algorithm.ED25519, "1", null), request()).problem()).isNull();
  }

  /// What is not good otherwise takes no room, and uses up no id.
  @Test
  void badProof_isNotRemembered() {
    var proof = proof(Algorithm.ES256, "1", null);
    var other = new DpopCheck.Request("DELETE", request().uris(), "shop", null);
    assertThat(byTime.check(proof, other).problem()).startsWith("expected htm");
    assertThat(byTime.check(proof, request()).problem()).isNull();
  }

  @Test
  void memoryThatIsFull_refuses() {
    int taken = 0;
    while (byTime.check(proof(Algorithm.ES256, "jti-" + taken, null), request()).problem()
        == null) {
      taken++;
    }
    assertThat(taken).isEqualTo(50);
    var more = byTime.check(proof(Algorithm.ES256, "more", null), request());
    assertThat(more.problem()).contains("expected fewer proofs of this client");
    assertThat(more.doubt()).isTrue();
    var other = new DpopCheck.Request("GET", request().uris(), "web", null);
    assertThat(byTime.check(proof(Algorithm.ES256, "more", null), other).problem()).isNull();
  }

  @Test
  void clockPutBack_refusesWhatItCannotTell() {
    assertThat(byTime.check(proof(Algorithm.ES256, "1", null), request()).problem()).isNull();
    now = now.plusSeconds(3_600);
    assertThat(byTime.check(proof(Algorithm.ES256, "2", null), request()).problem()).isNull();
    now = NOW;
    assertThat(byTime.check(proof(Algorithm.ES256, "3", null), request()).problem())
        .contains("expected a clock that goes on");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void nonceThatIsNone_isTold(String nonce) {
    var result = byNonce.check(proof(Algorithm.ES256, "1", nonce), request());
    assertThat(result.thumbprint()).isNull();
    assertThat(result.problem()).isEqualTo("expected in nonce what DPoP-Nonce says");
    assertThat(result.nonce()).isEqualTo(nonces.current());
  }

  @Test
  void withoutNonce_itIsTold_andGoodWithIt() {
    var nonce = byNonce.check(proof(Algorithm.ES256, "1", null), request()).nonce();
    assertThat(nonce).isNotNull();
    var proof = proof(Algorithm.ES256, "1", nonce);
    assertThat(byNonce.check(proof, request()).problem()).isNull();
    assertThat(byNonce.check(proof, request()).problem()).contains("this one was used");
  }

  /// Then the nonce tells how fresh a proof is.
  @Test
  void withNonce_theSendersClockDoesNotMatter() {
    var nonce = nonces.current();
    now = NOW.minusSeconds(86_400);
    var proof = proof(Algorithm.ES256, "1", nonce);
    now = NOW;
    assertThat(byNonce.check(proof, request()).problem()).isNull();
  }

  @Test
  void nonce_isGoodForTwoMinutesAndRememberedForAsLong() {
    var nonce = nonces.current();
    var used = proof(Algorithm.ES256, "1", nonce);
    assertThat(byNonce.check(used, request()).problem()).isNull();
    now = now.plusSeconds(149);
    assertThat(nonces.current()).isNotEqualTo(nonce);
    assertThat(byNonce.check(proof(Algorithm.ES256, "2", nonce), request()).problem()).isNull();
    assertThat(byNonce.check(used, request()).problem()).contains("this one was used");
    now = now.plusSeconds(1);
    assertThat(byNonce.check(proof(Algorithm.ES256, "3", nonce), request()).nonce()).isNotNull();
    assertThat(byNonce.check(used, request()).nonce()).isNotNull();
  }

  /// Whoever restarts has forgotten what he saw, and takes nothing from before.
  @Test
  void nonceOfAnotherProcess_isNone() {
    var other = new DpopNonces(new SecureRandom(), clock);
    assertThat(byNonce.check(proof(Algorithm.ES256, "1", other.current()), request()).nonce())
        .isNotNull();
  }

  @Test
  void nonceFromTheFuture_isNone() {
    now = now.plusSeconds(60);
    var nonce = nonces.current();
    now = NOW;
    assertThat(byNonce.check(proof(Algorithm.ES256, "1", nonce), request()).nonce()).isNotNull();
  }

  private static DpopCheck.Request request() {
    return new DpopCheck.Request("GET", Set.of(TargetUri.of(URI)), "shop", null);
  }

  private static VerificationKey key(Algorithm algorithm) {
    return switch (algorithm) {
      case ES256 -> KEYS.es256();
      case ED25519 -> KEYS.ed25519();
      case RS256, PS256 -> KEYS.rsa();
    };
  }

  private String proof(Algorithm algorithm, String id, @Nullable String nonce) {
    var header = new JsonWriter().beginObject().member("typ", DpopProof.TYPE);
    header.member("alg", algorithm.jose()).name("jwk").beginObject();
    Jwk.members(key(algorithm).key()).forEach(header::member);
    var claims =
        new JsonWriter()
            .beginObject()
            .member("jti", id)
            .member("htm", "GET")
            .member("htu", URI)
            .member("iat", now.getEpochSecond());
    if (nonce != null) {
      claims.member("nonce", nonce);
    }
    var input =
        Base64Url.encode(header.endObject().endObject().toBytes())
            + "."
            + Base64Url.encode(claims.endObject().toBytes());
    return input + "." + Base64Url.encode(sign(algorithm, input));
  }

  private static byte[] sign(Algorithm algorithm, String text) {
    var input = text.getBytes(StandardCharsets.US_ASCII);
    return switch (algorithm) {
      case ES256 -> KEYS.signEs256(input);
      case ED25519 -> KEYS.signEd25519(input);
      case RS256 -> KEYS.signRs256(input);
      case PS256 -> KEYS.signPs256(input);
    };
  }
}
