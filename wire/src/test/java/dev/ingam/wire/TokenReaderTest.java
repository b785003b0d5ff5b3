package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TokenReaderTest {
  private final TokenReader reader = new TokenReader();

  static Stream<Named<JsonObject>> vectors() {
    return Vectors.of("token.json");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void read_vector(JsonObject vector) {
    var reading = reader.read(TokenVectors.token(vector));
    var result =
        reading instanceof TokenReading.Unreadable unreadable ? unreadable.reason().code() : "good";
    assertThat(result).isEqualTo(vector.string("expect"));
  }

  /// What was read, written again, is a token that reads the same.
  @ParameterizedTest
  @MethodSource("vectors")
  void read_goodVectorWrittenAgain(JsonObject vector) {
    if (!(reader.read(TokenVectors.token(vector)) instanceof TokenReading.Read read)) {
      assertThat(vector.string("expect")).isNotEqualTo("good");
      return;
    }
    var writer = new TokenWriter();
    var again = writer.complete(writer.signingInput(read.token()), read.jws().signature());
    assertThat(reader.read(again))
        .isInstanceOfSatisfying(
            TokenReading.Read.class, it -> assertThat(it.token()).isEqualTo(read.token()));
  }

  @Test
  void read_everyClaim() {
    var base = Vectors.list("token.json").get(0);
    var read = (TokenReading.Read) reader.read(TokenVectors.token(base));
    assertThat(read.token().header())
        .isEqualTo(
            new AccessToken.Header(Algorithm.ES256, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
    assertThat(read.token().claims())
        .isEqualTo(
            new AccessToken.Claims(
                "https://id.example",
                "u-1001",
                "https://api.example",
                "web-shop",
                1764000000,
                1764000300,
                new Serial(1, 2, 3),
                List.of("orders:read", "profile"),
                "AAECAwQFBgcICQoLDA0ODw"));
  }

  /// The judge must see a forgery that is not of our profile, as long as it is a JWS at all.
  @Test
  void read_outsideTheProfile_keepsTheJws() {
    for (var vector : Vectors.list("token.json")) {
      var token = TokenVectors.token(vector);
      if (reader.read(token) instanceof TokenReading.Unreadable unreadable) {
        assertThat(unreadable.jws() == null).isEqualTo(CompactJws.read(token) == null);
      }
    }
    var absent = TokenVectors.token(vectorNamed("jti absent"));
    assertThat(reader.read(absent))
        .isInstanceOfSatisfying(
            TokenReading.Unreadable.class,
            it -> assertThat(it.jws().claims().string("sub")).isEqualTo("u-1001"));
  }

  @Test
  void detail_holdsNothingOfTheToken() {
    for (var vector : Vectors.list("token.json")) {
      if (reader.read(TokenVectors.token(vector)) instanceof TokenReading.Unreadable it) {
        assertThat(it.detail()).isNotBlank().doesNotContain("u-1001", "evil", "1764000");
      }
    }
  }

  private static JsonObject vectorNamed(String name) {
    return Vectors.list("token.json").stream()
        .filter(vector -> name.equals(vector.string("name")))
        .findFirst()
        .orElseThrow();
  }
}
