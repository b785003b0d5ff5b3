package dev.ingam.wire;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// "Revoked: everything issued before": a mark that revokes all tokens of its target which were
/// issued before a moment. That moment is either a line through the ledger's serials, with no clock
/// in it, or a second up to which `iat` counts.
///
/// @param value the kid, client id or [SubjectDigest] of the target; empty for [Target#ALL]
/// @param serials what was reserved before the line; empty when the mark goes by `iat`
/// @param issuedUntil the last `iat` that is revoked, seconds since 1970; null when it goes by
///   serials
public record Watermark(
    Target target, String value, List<SerialRange> serials, @Nullable Long issuedUntil) {
  /// Ranges of serials in one watermark at most.
  public static final int MAX_RANGES = 64;

  private static final int MAX_VALUE = 128;

  /// Whose tokens.
  public enum Target {
    ALL,
    KEY,
    CLIENT,
    SUBJECT;

    /// The name in messages: `all`.
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// The target of that name, or null.
    public static @Nullable Target ofWireName(String name) {
      for (var target : values()) {
        if (target.wireName().equals(name)) {
          return target;
        }
      }
      return null;
    }

    /// Whether this token is of the target `value`.
    ///
    /// @param subject makes the digest of the token's subject; asked when it is needed
    public boolean holds(String value, AccessToken token, Supplier<String> subject) {
      return switch (this) {
        case ALL -> true;
        case KEY -> token.header().kid().equals(value);
        case CLIENT -> token.claims().clientId().equals(value);
        case SUBJECT -> subject.get().equals(value);
      };
    }
  }

  public Watermark {
    serials = List.copyOf(serials);
    if (!isValue(target, value)) {
      throw new IllegalArgumentException(
          "expected a value of 1 to 128 visible ASCII characters, and none for all");
    }
    if (serials.size() > MAX_RANGES || (issuedUntil != null && !serials.isEmpty())) {
      throw new IllegalArgumentException("expected at most 64 ranges of serials, or issued_until");
    }
    if (issuedUntil != null && !isTime(issuedUntil)) {
      throw new IllegalArgumentException("expected issued_until in seconds of 32 bits");
    }
  }

  /// Whether it revokes this token.
  ///
  /// @param subject makes the digest of the token's subject; asked when it is needed
  public boolean hits(AccessToken token, Supplier<String> subject) {
    return covers(token.claims()) && target.holds(value, token, subject);
  }

  private boolean covers(AccessToken.Claims claims) {
    if (issuedUntil != null) {
      return claims.issuedAt() <= issuedUntil;
    }
    for (var range : serials) {
      if (range.holds(claims.serial())) {
        return true;
      }
    }
    return false;
  }

  static boolean isValue(Target target, String value) {
    return target == Target.ALL ? value.isEmpty() : AccessToken.isName(value, MAX_VALUE);
  }

  static boolean isTime(long seconds) {
    return seconds >= 0 && seconds <= AccessToken.MAX_TIME;
  }
}
