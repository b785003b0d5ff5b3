package dev.ingam.drill;

import dev.ingam.drill.web.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/// A token that came, and what it says of itself.
record SoakToken(String text, String serial, Instant issuedAt, Instant expiresAt) {
  /// A verifier tolerates so much of an `iat` that lies ahead.
  private static final Duration SKEW = Duration.ofSeconds(60);

  static SoakToken of(Told told) {
    var text = told.body().text("access_token");
    var payload = Base64.getUrlDecoder().decode(text.split("\\.", -1)[1]);
    var claims = Json.read(payload, "a token of the server");
    return new SoakToken(
        text,
        claims.text("jti"),
        Instant.ofEpochSecond(claims.number("iat")),
        Instant.ofEpochSecond(claims.number("exp")));
  }

  /// Whether a clock that shows this time, more or less, has to refuse it for that reason.
  boolean isRightlyRefused(String reason, Instant now) {
    return switch (reason) {
      case "expired" -> !now.plus(FakeTime.LATENESS).isBefore(expiresAt);
      case "not_yet_valid" -> issuedAt.plus(FakeTime.LATENESS).isAfter(now.plus(SKEW));
      default -> false;
    };
  }

  /// With another signature, of the right form.
  String resigned() {
    var end = text.lastIndexOf('.') + 1;
    var signature = Base64.getUrlDecoder().decode(text.substring(end));
    signature[signature.length / 3] ^= 1;
    return text.substring(0, end)
        + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
  }

  /// About somebody else, under the old signature.
  String renamed() {
    var parts = text.split("\\.", -1);
    var claims = Json.read(Base64.getUrlDecoder().decode(parts[1]), "a token of the server");
    var other = claims.with("sub", "client:somebody-else").toString();
    return parts[0] + "." + encoded(other) + "." + parts[2];
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
