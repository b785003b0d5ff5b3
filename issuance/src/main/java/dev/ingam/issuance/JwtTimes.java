package dev.ingam.issuance;

import dev.ingam.wire.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The times of a short-lived foreign JWT ([RFC 7519 section
/// 4.1](https://www.rfc-editor.org/rfc/rfc7519#section-4.1)).
final class JwtTimes {
  static final Duration SKEW = Duration.ofSeconds(60);
  static final Duration MAX_AHEAD = Duration.ofMinutes(5);

  private JwtTimes() {}

  /// What is wrong with them, or null: `exp` is required and at most five minutes ahead, `nbf` and
  /// `iat` are not in the future.
  static @Nullable String problem(JsonObject claims, Clock clock) {
    var now = clock.instant().getEpochSecond();
    var expiry = claims.number("exp");
    if (expiry == null) {
      return "expected exp as a whole number";
    }
    if (expiry <= now - SKEW.toSeconds()) {
      return "expected exp in the future; it is past";
    }
    if (expiry > now + MAX_AHEAD.plus(SKEW).toSeconds()) {
      return "expected exp at most 5 minutes ahead";
    }
    for (var name : new String[] {"nbf", "iat"}) {
      var time = claims.number(name);
      if (claims.has(name) && (time == null || time > now + SKEW.toSeconds())) {
        return "expected " + name + " to be a whole number, not in the future";
      }
    }
    return null;
  }

  /// From when on [#problem] refuses these times, which it accepted, for their age.
  static Instant deadFrom(JsonObject claims) {
    var expiry = Objects.requireNonNull(claims.number("exp"));
    return Instant.ofEpochSecond(expiry).plus(SKEW);
  }
}
