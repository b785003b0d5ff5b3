package dev.ingam.wire;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/// Puts the tokens of `vectors/token.json` together.
final class TokenVectors {
  private static final JsonObject BASE = Vectors.file("token.json").object("base");

  private TokenVectors() {}

  /// Header and payload of a token before they are encoded.
  record Text(String header, String payload) {}

  static String token(JsonObject vector) {
    var token = vector.string("token");
    if (token != null) {
      return token;
    }
    var text = text(vector);
    return encoded(text.header()) + "." + encoded(text.payload()) + "." + BASE.string("signature");
  }

  static Stream<String> tokens() {
    return Vectors.list("token.json").stream().map(TokenVectors::token);
  }

  /// Of those tokens that are made of two texts.
  static Stream<Text> texts() {
    return Vectors.list("token.json").stream()
        .filter(vector -> !vector.has("token"))
        .map(TokenVectors::text);
  }

  private static Text text(JsonObject vector) {
    return new Text(part(vector, "header"), part(vector, "payload"));
  }

  private static String part(JsonObject vector, String name) {
    return vector.has(name) ? vector.string(name) : BASE.string(name);
  }

  private static String encoded(String text) {
    return Base64Url.encode(text.getBytes(StandardCharsets.UTF_8));
  }
}
