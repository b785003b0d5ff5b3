package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Names that others rely on, and types that check themselves.
class WireTypesTest {
  private static final Serial SERIAL = new Serial(1, 2, 3);

  @Test
  void reasons_areThoseOfTheProtocol() {
    assertThat(Arrays.stream(Reason.values()).map(Reason::code))
        .containsExactly(
            "malformed",
            "unknown_key",
            "retired_key",
            "revoked_key",
            "bad_signature",
            "expired",
            "not_yet_valid",
            "wrong_issuer",
            "wrong_audience",
            "wrong_type",
            "not_issued",
            "altered",
            "already_redeemed",
            "revoked",
            "unknown_subject",
            "sender_mismatch",
            "ledger_doubt",
            "ledger_unavailable");
  }

  @Test
  void names_leadBack() {
    for (var reason : Reason.values()) {
      assertThat(Reason.ofCode(reason.code())).isEqualTo(reason);
    }
    for (var algorithm : Algorithm.values()) {
      assertThat(Algorithm.ofJose(algorithm.jose())).isEqualTo(algorithm);
    }
    for (var state : KeyState.values()) {
      assertThat(KeyState.ofWireName(state.wireName())).isEqualTo(state);
    }
    for (var purpose : KeyPurpose.values()) {
      assertThat(KeyPurpose.ofWireName(purpose.wireName())).isEqualTo(purpose);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MALFORMED", "none", "ACTIVE", "es256", "access_token"})
  void names_unknown(String name) {
    assertThat(Reason.ofCode(name)).isNull();
    assertThat(Algorithm.ofJose(name)).isNull();
    assertThat(KeyState.ofWireName(name)).isNull();
    assertThat(KeyPurpose.ofWireName(name)).isNull();
  }

  @ParameterizedTest
  @EnumSource(KeyState.class)
  void keyState_refusal(KeyState state) {
    var expected =
        switch (state) {
          case PREPARED, ACTIVE, RETIRING, TAINTED -> null;
          case RETIRED, DESTROYED -> Reason.RETIRED_KEY;
          case REVOKED -> Reason.REVOKED_KEY;
        };
    assertThat(state.refusal()).isEqualTo(expected);
  }

  @Test
  void serial_writtenIsRead() {
    var random = new Random(5);
    for (var i = 0; i < 1000; i++) {
      var serial = new Serial(random.nextInt(), random.nextInt(), random.nextLong());
      assertThat(serial.toString()).hasSize(22);
      assertThat(Serial.parse(serial.toString())).isEqualTo(serial);
    }
  }

  /// For every string of three characters of a few, ours and the JDK's agree on the bytes, and ours
  /// takes exactly those that encode back to themselves.
  @Test
  void base64url_isCanonical() {
    var letters = "AQgwZ_9-=+/ é";
    for (var a : letters.toCharArray()) {
      for (var b : letters.toCharArray()) {
        for (var c : letters.toCharArray()) {
          for (var text : List.of("" + a + b, "" + a + b + c, "AAA" + a + b + c)) {
            var bytes = Base64Url.decode(text);
            assertThat(bytes != null).isEqualTo(isCanonical(text));
          }
        }
      }
    }
  }

  @Test
  void tokenWriter_changesHeaderWithTheKey() {
    var writer = new TokenWriter();
    for (var kid : List.of("a", "a", "b", "a")) {
      for (var algorithm : List.of(Algorithm.ES256, Algorithm.ED25519)) {
        var header = new AccessToken.Header(algorithm, kid);
        var input = writer.signingInput(new AccessToken(header, claims("s", 1, 2)));
        var jws = CompactJws.read(writer.complete(input, new byte[] {1}));
        assertThat(jws.kid()).isEqualTo(kid);
        assertThat(jws.algorithm()).isEqualTo(algorithm.jose());
        assertThat(jws.signingInput()).isEqualTo(input);
        assertThat(jws.digest()).isEqualTo(TokenDigest.ofSigningInput(input));
        assertThat(jws.digest()).isEqualTo(TokenDigest.ofToken(jws.token()));
      }
    }
  }

  @Test
  void claims_checkThemselves() {
    assertThatThrownBy(() -> claims("", 1, 2)).hasMessageContaining("sub");
    assertThatThrownBy(() -> claims("s", 2, 2)).hasMessageContaining("iat < exp");
    assertThatThrownBy(() -> claims("s", -1, 2)).hasMessageContaining("iat < exp");
    assertThatThrownBy(() -> claims("s", 1, 1L << 32)).hasMessageContaining("iat < exp");
    assertThatThrownBy(() -> new AccessToken.Header(Algorithm.ES256, "a\nb"))
        .hasMessageContaining("kid");
  }

  @Test
  void ledgerItem_checksItself() {
    var id = SERIAL.toString();
    assertThatThrownBy(() -> new LedgerItem("x", "", false, "t")).hasMessageContaining("request");
    assertThatThrownBy(() -> new LedgerItem(id, "a b", false, "t")).hasMessageContaining("jti");
    assertThatThrownBy(() -> new LedgerItem(id, "", false, "")).hasMessageContaining("token");
    assertThatThrownBy(() -> new LedgerItem(id, "", false, "t".repeat(8193)))
        .hasMessageContaining("token");
    assertThatThrownBy(() -> new LedgerAnswer("", null)).hasMessageContaining("request");
  }

  @Test
  void ledgerMessages_biggestRequestIsRead() {
    var messages = new LedgerMessages();
    var items =
        IntStream.range(0, 500)
            .mapToObj(i -> new Serial(0, 0, i).toString())
            .map(id -> new LedgerItem(id, SERIAL.toString(), true, "t".repeat(8192)))
            .toList();
    assertThat(messages.readRequest(messages.writeRequest(items)))
        .isEqualTo(new LedgerMessages.Request(items));
    assertThat(messages.readRequest(new byte[4 * 1024 * 1024 + 1]))
        .isInstanceOf(LedgerMessages.Unreadable.class);
  }

  @Test
  void event_checksItself() {
    assertThatThrownBy(() -> event(0, "t", "v")).hasMessageContaining("number");
    assertThatThrownBy(() -> event(1, "", "v")).hasMessageContaining("type");
    assertThatThrownBy(() -> event(1, "t", "\ud800")).hasMessageContaining("surrogates");
    assertThat(JsonObject.read(event(1, "t", "\u0000\u001f\u2028").canonical()).object("body"))
        .extracting(body -> body.string("k"))
        .isEqualTo("\u0000\u001f\u2028");
  }

  @Test
  void jsonObject_getters() {
    var json =
        JsonObject.read(
            "{\"s\":\"x\",\"n\":7,\"b\":true,\"l\":[\"a\"],\"m\":[\"a\",1],\"o\":{\"k\":1},"
                + "\"p\":[{}],\"z\":null,\"f\":1.5,\"big\":123456789012345678901}");
    assertThat(json.string("s")).isEqualTo("x");
    assertThat(json.number("n")).isEqualTo(7L);
    assertThat(json.bool("b")).isTrue();
    assertThat(json.strings("l")).containsExactly("a");
    assertThat(json.object("o").number("k")).isEqualTo(1);
    assertThat(json.objects("p")).hasSize(1);
    for (var absent : List.of("m", "z", "f", "big", "nothing")) {
      assertThat(json.has(absent)).isEqualTo(!absent.equals("nothing"));
      assertThat(json.string(absent)).isNull();
      assertThat(json.number(absent)).isNull();
      assertThat(json.bool(absent)).isNull();
      assertThat(json.strings(absent)).isNull();
      assertThat(json.object(absent)).isNull();
      assertThat(json.objects(absent)).isNull();
    }
    assertThat(JsonObject.read(new byte[0])).isNull();
    assertThat(JsonObject.read(" ".repeat(JsonObject.MAX_BYTES) + "{}")).isNull();
  }

  private static boolean isCanonical(String text) {
    try {
      var bytes = java.util.Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.UTF_8));
      return Base64Url.encode(bytes).equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static AccessToken.Claims claims(String subject, long issuedAt, long expiresAt) {
    return new AccessToken.Claims(
        "https://id.example",
        subject,
        "https://api.example",
        "c",
        issuedAt,
        expiresAt,
        SERIAL,
        List.of(),
        null);
  }

  private static Event event(long seq, String type, String value) {
    var body = new TreeMap<String, String>();
    body.put("k", value);
    return new Event("s", seq, Instant.EPOCH, type, "a", body);
  }
}
