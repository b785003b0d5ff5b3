package dev.ingam.issuance.watermark;

import dev.ingam.issuance.ledger.Line;
import dev.ingam.issuance.session.Session;
import dev.ingam.wire.AccessToken;
import dev.ingam.wire.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A watermark: what was issued to its target before a moment is revoked. The moment is a line
/// through the ledger, or a second up to which `iat` counts; one of the two.
///
/// @param id also the version of the set that brought it; sessions opened before carry a lower one
/// @param value kid, client id or digest of a subject; empty when the target is all
public record Mark(
    long id,
    Watermark.Target target,
    String value,
    @Nullable Line line,
    @Nullable Long issuedUntil,
    Instant madeAt,
    String actor,
    String reason) {
  /// No token that it can hit is honoured for longer: 15 minutes of life, the five past its end
  /// that a verifier may be told to allow, and one to spare.
  static final Duration TOKENS = Duration.ofMinutes(21);

  /// No session that it can end lives for longer.
  static final Duration SESSIONS = Duration.ofHours(25);

  private static final int MAX_REASON = 200;

  public Mark {
    if (id < 1 || (line == null) == (issuedUntil == null)) {
      throw new IllegalArgumentException("expected an id from 1, and a line or a last iat");
    }
    if (!isReason(reason)) {
      throw new IllegalArgumentException("expected a reason of 1 to 200 characters");
    }
  }

  /// Whether a text can be a reason.
  public static boolean isReason(String text) {
    return !text.isBlank()
        && text.length() <= MAX_REASON
        && text.chars().noneMatch(Character::isISOControl);
  }

  /// When the last token that it can hit has expired.
  public Instant tokensUntil() {
    return madeAt.plus(TOKENS);
  }

  /// When the last session that it can end is over.
  Instant sessionsUntil() {
    return madeAt.plus(SESSIONS);
  }

  /// Whether it ends sessions by itself.
  boolean endsSessions() {
    return target == Watermark.Target.ALL || target == Watermark.Target.CLIENT;
  }

  /// Whether it ends this session: of everybody, or one that its client opened.
  boolean ends(Session session) {
    var theirs =
        switch (target) {
          case ALL -> true;
          case CLIENT -> session.openedBy().equals(value);
          case KEY, SUBJECT -> false;
        };
    return theirs && isBefore(session);
  }

  private boolean isBefore(Session session) {
    return issuedUntil == null
        ? session.epoch() < id
        : session.openedAt().getEpochSecond() <= issuedUntil;
  }

  /// Whether whatever stands before its line is revoked.
  boolean hitsWhateverIsBefore() {
    return target == Watermark.Target.ALL && line != null;
  }

  /// Whether this token is of the target and, where the mark goes by `iat`, was issued in time. The
  /// line is the ledger's to look at.
  boolean hits(AccessToken token, Supplier<String> subject) {
    return (issuedUntil == null || token.claims().issuedAt() <= issuedUntil)
        && target.holds(value, token, subject);
  }

  /// What the MAC is over beside the id.
  List<@Nullable String> columns() {
    return Arrays.asList(
        target.wireName(),
        value,
        line == null ? null : Long.toString(line.generation()),
        line == null ? null : Integer.toString(line.slot()),
        issuedUntil == null ? null : issuedUntil.toString(),
        madeAt.toString(),
        actor,
        reason);
  }
}
