package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The smaller families of `vectors/`.
class VectorsTest {
  static Stream<Named<JsonObject>> base64url() {
    return Vectors.of("base64url.json");
  }

  @ParameterizedTest
  @MethodSource
  void base64url(JsonObject vector) {
    var bytes = Base64Url.decode(vector.string("text"));
    assertThat(bytes == null ? null : HexFormat.of().formatHex(bytes))
        .isEqualTo(vector.string("expect"));
    if (bytes != null) {
      assertThat(Base64Url.encode(bytes)).isEqualTo(vector.string("text"));
    }
  }

  static Stream<Named<JsonObject>> serial() {
    return Vectors.of("serial.json");
  }

  @ParameterizedTest
  @MethodSource
  void serial(JsonObject vector) {
    var serial = Serial.parse(vector.string("text"));
    var expected = vector.object("expect");
    if (expected == null) {
      assertThat(serial).isNull();
    } else {
      assertThat(serial.book()).isEqualTo(Integer.parseUnsignedInt(expected.string("book"), 16));
      assertThat(serial.slot()).isEqualTo(Integer.parseUnsignedInt(expected.string("slot"), 16));
      assertThat(serial.check()).isEqualTo(Long.parseUnsignedLong(expected.string("check"), 16));
      assertThat(serial).hasToString(vector.string("text"));
    }
  }

  static Stream<Named<JsonObject>> json() {
    return Vectors.of("json.json");
  }

  @ParameterizedTest
  @MethodSource
  void json(JsonObject vector) {
    var hex = vector.string("hex");
    var bytes =
        hex == null
            ? vector.string("text").getBytes(StandardCharsets.UTF_8)
            : HexFormat.of().parseHex(hex);
    assertThat(JsonObject.read(bytes) == null ? "refused" : "good")
        .isEqualTo(vector.string("expect"));
  }

  static Stream<Named<JsonObject>> digest() {
    return Vectors.of("digest.json");
  }

  @ParameterizedTest
  @MethodSource
  void digest(JsonObject vector) {
    var digest = TokenDigest.ofToken(vector.string("token"));
    var hex = HexFormat.of();
    assertThat(
            digest == null ? null : hex.toHexDigits(digest.high()) + hex.toHexDigits(digest.low()))
        .isEqualTo(vector.string("expect"));
  }

  static Stream<Named<JsonObject>> thumbprint() {
    return Vectors.of("thumbprint.json");
  }

  @ParameterizedTest
  @MethodSource
  void thumbprint(JsonObject vector) {
    assertThat(VerificationKey.thumbprint(key(vector))).isEqualTo(vector.string("expect"));
  }

  static Stream<Named<JsonObject>> event() {
    return Vectors.of("event.json");
  }

  @ParameterizedTest
  @MethodSource
  void event(JsonObject vector) {
    var body = new TreeMap<String, String>();
    var given = vector.object("body");
    given.names().forEach(name -> body.put(name, given.string(name)));
    var event =
        new Event(
            vector.string("schema"),
            vector.number("seq"),
            Instant.parse(vector.string("at")),
            vector.string("type"),
            vector.string("actor"),
            body);
    assertThat(new String(event.canonical(), StandardCharsets.UTF_8))
        .isEqualTo(vector.string("canonical"));
  }

  static Stream<Named<JsonObject>> ledgerRequest() {
    return Vectors.of("ledger-request.json");
  }

  @ParameterizedTest
  @MethodSource
  void ledgerRequest(JsonObject vector) {
    var messages = new LedgerMessages();
    var reading = messages.readRequest(vector.string("text").getBytes(StandardCharsets.UTF_8));
    if (reading instanceof LedgerMessages.Request request) {
      assertThat(vector.string("expect")).isEqualTo("good");
      assertThat(messages.readRequest(messages.writeRequest(request.items()))).isEqualTo(request);
    } else {
      assertThat(vector.string("expect")).isEqualTo("refused");
    }
  }

  static Stream<Named<JsonObject>> ledgerAnswers() {
    return Vectors.of("ledger-answers.json");
  }

  @ParameterizedTest
  @MethodSource
  void ledgerAnswers(JsonObject vector) {
    var messages = new LedgerMessages();
    var reading = messages.readAnswers(vector.string("text").getBytes(StandardCharsets.UTF_8));
    if (reading instanceof LedgerMessages.Answers answers) {
      assertThat(vector.string("expect")).isEqualTo("good");
      assertThat(messages.readAnswers(messages.writeAnswers(answers.answers()))).isEqualTo(answers);
    } else {
      assertThat(vector.string("expect")).isEqualTo("refused");
    }
  }

  static Stream<Named<JsonObject>> ledgerState() {
    return Vectors.of("ledger-state.json");
  }

  @ParameterizedTest
  @MethodSource
  void ledgerState(JsonObject vector) {
    var reading = LedgerState.read(vector.string("text").getBytes(StandardCharsets.UTF_8));
    if (reading instanceof LedgerStateReading.Read read) {
      assertThat(vector.string("expect")).isEqualTo("good");
      assertThat(LedgerState.read(read.state().toJson())).isEqualTo(read);
    } else {
      assertThat(vector.string("expect")).isEqualTo("refused");
    }
  }

  static Stream<Named<JsonObject>> watermark() {
    return Vectors.of("watermark.json");
  }

  @ParameterizedTest
  @MethodSource
  void watermark(JsonObject vector) {
    var reading = LedgerState.read(vector.string("state").getBytes(StandardCharsets.UTF_8));
    var state = ((LedgerStateReading.Read) reading).state();
    var issuedAt = vector.number("iat");
    var token =
        new AccessToken(
            new AccessToken.Header(Algorithm.ES256, vector.string("kid")),
            new AccessToken.Claims(
                "https://issuer.example",
                vector.string("sub"),
                "https://shop.example",
                vector.string("client_id"),
                issuedAt,
                issuedAt + 300,
                Serial.parse(vector.string("jti")),
                List.of(),
                null));
    assertThat(state.revokes(token) ? "revoked" : "kept").isEqualTo(vector.string("expect"));
  }

  static PublicKey key(JsonObject vector) {
    var algorithm = Algorithm.ofJose(vector.string("algorithm"));
    return Jwk.read(algorithm, vector.object("jwk"));
  }
}
