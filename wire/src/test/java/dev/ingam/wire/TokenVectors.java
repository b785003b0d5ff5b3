package dev.ingam.wire;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/// Puts the tokens of `vectors/token.json` together.
final class TokenVectors {
  private static final JsonObject BASE = Vectors.file("token.json").object("base");

  private TokenVectors() {}

  static String token(JsonObject vector) {
    var token = vector.string("token");
    return token != null
        ? token
        : part(vector, "header") + "." + part(vector, "payload") + "." + BASE.string("signature");
  }

  static Stream<String> tokens() {
    return Vectors.list("token.json").stream().map(TokenVectors::token);
  }

  private static String part(JsonObject vector, String name) {
    var text = vector.has(name) ? vector.string(name) : BASE.string(name);
    return Base64Url.encode(text.getBytes(StandardCharsets.UTF_8));
  }
}
