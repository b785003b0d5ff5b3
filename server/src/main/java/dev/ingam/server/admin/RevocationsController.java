package dev.ingam.server.admin;

import dev.ingam.issuance.Revocations;
import dev.ingam.issuance.watermark.Mark;
import dev.ingam.issuance.watermark.Watermarks;
import dev.ingam.wire.AccessToken;
import dev.ingam.wire.Watermark;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Everything issued before a moment, and sessions: taken back.
@RestController
@RequestMapping("/admin")
@Tag(name = "revocations")
final class RevocationsController {
  private static final int MOST = 1_000;
  private static final String NOW = "now";

  private final Revocations revocations;
  private final Watermarks watermarks;

  RevocationsController(Revocations revocations, Watermarks watermarks) {
    this.revocations = revocations;
    this.watermarks = watermarks;
  }

  /// @param before `now`, or a time that is past
  /// @param target `all`, `key`, `client` or `subject`
  /// @param value kid, client id or subject; absent for `all`
  record Order(
      @Nullable String before,
      @Nullable String target,
      @Nullable String value,
      @Nullable String why,
      @Nullable Boolean dryRun) {}

  /// @param value kid or client id, or the digest of a subject
  /// @param before `now`, or the last `iat` that is revoked
  /// @param live whether it can still hit a token
  /// @param intact false when somebody else wrote the row
  record Shown(
      long id,
      String target,
      @Nullable String value,
      String before,
      Instant madeAt,
      String actor,
      String why,
      boolean live,
      boolean intact) {
    static Shown of(Watermarks.Listed listed) {
      return of(listed.mark(), listed.live(), listed.intact());
    }

    static Shown of(Mark mark, boolean live, boolean intact) {
      var until = mark.issuedUntil();
      return new Shown(
          mark.id(),
          mark.target().wireName(),
          mark.value().isEmpty() ? null : mark.value(),
          until == null ? NOW : Instant.ofEpochSecond(until).toString(),
          mark.madeAt(),
          mark.actor(),
          mark.reason(),
          live,
          intact);
    }
  }

  record WatermarkList(List<Shown> watermarks) {}

  /// @param watermark absent in a dry run
  /// @param sessionsEnded of a subject, one by one; absent otherwise
  record Change(
      boolean dryRun,
      List<String> effects,
      @Nullable Shown watermark,
      @Nullable Integer sessionsEnded) {}

  record End(@Nullable String subject, @Nullable String why, @Nullable Boolean dryRun) {}

  record Ended(boolean dryRun, List<String> effects, @Nullable Integer sessionsEnded) {}

  @GetMapping("/watermarks")
  @Operation(summary = "Watermarks, newest first, history too")
  WatermarkList list(@RequestParam(name = "limit", defaultValue = "100") int limit) {
    if (limit < 1 || limit > MOST) {
      throw AdminError.INVALID_REQUEST.because("Expected a limit of 1 to " + MOST + ".");
    }
    return new WatermarkList(watermarks.newest(limit).stream().map(Shown::of).toList());
  }

  @PostMapping("/watermarks")
  @Refuses({AdminError.NOT_FOUND, AdminError.CONFLICT})
  @Operation(summary = "Revoke everything issued before a moment")
  Change revoke(@RequestBody Order body) {
    var order = order(body);
    var problem = revocations.problem(order);
    if (problem != null) {
      throw refused(problem);
    }
    var effects = revocations.effects(order);
    if (Boolean.TRUE.equals(body.dryRun())) {
      return new Change(true, effects, null, null);
    }
    return switch (revocations.revoke(order)) {
      case Revocations.Refused refused -> throw refused(refused);
      case Revocations.Revoked(Mark mark, int sessionsEnded) ->
          new Change(
              false,
              effects,
              Shown.of(mark, true, true),
              mark.target() == Watermark.Target.SUBJECT ? sessionsEnded : null);
    };
  }

  @PostMapping("/sessions/end")
  @Operation(summary = "End all sessions of a subject")
  Ended end(@RequestBody End body) {
    var subject = body.subject();
    if (subject == null || !AccessToken.isSubject(subject)) {
      throw AdminError.INVALID_REQUEST.because("Expected \"subject\" of 1 to 48 bytes.");
    }
    var why = Why.of("why", body.why());
    var effects =
        List.of(
            "All sessions of this subject end: no token is exchanged on them any more.",
            "Tokens that they bore live out their minutes; to end those too: ingam revoke --before now --subject");
    return Boolean.TRUE.equals(body.dryRun())
        ? new Ended(true, effects, null)
        : new Ended(false, effects, revocations.endSessions(subject, KeysController.ACTOR, why));
  }

  private static Watermarks.Order order(Order body) {
    var target = body.target() == null ? null : Watermark.Target.ofWireName(body.target());
    if (target == null || body.before() == null) {
      throw AdminError.INVALID_REQUEST.because(
          "Expected \"target\" all, key, client or subject, and \"before\": now or a time.");
    }
    var value = body.value();
    return new Watermarks.Order(
        target,
        value == null ? "" : value,
        before(body.before()),
        KeysController.ACTOR,
        Why.of("why", body.why()));
  }

  private static @Nullable Instant before(String text) {
    try {
      return text.equals(NOW) ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      throw AdminError.INVALID_REQUEST.because(
          "Expected \"before\": now, or a time like 2026-11-25T09:00:00Z.");
    }
  }

  private static AdminException refused(Revocations.Refused refused) {
    var text = "Expected " + refused.expected() + ".";
    return switch (refused.why()) {
      case INVALID -> AdminError.INVALID_REQUEST.because(text);
      case NOT_FOUND -> AdminError.NOT_FOUND.because(text);
      case FULL -> AdminError.CONFLICT.because(text);
    };
  }
}
