package dev.ingam.server.admin;

import dev.ingam.issuance.Observations;
import dev.ingam.issuance.TrustLevels;
import dev.ingam.issuance.audience.Audience;
import dev.ingam.issuance.audience.AudienceChange;
import dev.ingam.issuance.audience.AudienceEffects;
import dev.ingam.issuance.audience.Audiences;
import dev.ingam.server.door.Reply;
import dev.ingam.wire.TrustLevel;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// The audiences that have a policy of their own. Their names are often URLs, so they never stand
/// in a path.
@RestController
@RequestMapping(path = "/admin/audiences", produces = Reply.JSON)
@Tag(name = "audiences")
final class AudiencesController {
  private final Audiences audiences;
  private final TrustLevels trust;
  private final Observations observed;
  private final Clock clock;

  AudiencesController(Audiences audiences, TrustLevels trust, Observations observed, Clock clock) {
    this.audiences = audiences;
    this.trust = trust;
    this.observed = observed;
    this.clock = clock;
  }

  /// @param inDoubt those whose rows this server did not write, or that it wrote and are gone
  record AudienceList(List<Shown> audiences, List<String> inDoubt) {}

  /// @param trust the level that holds now: `required`, `observe` or `off`
  /// @param trustUntil when a lowered level ends; absent when none is
  /// @param observed how many tokens were accepted that the ledger would have refused, by reason
  @Schema(name = "Audience")
  record Shown(
      String audience,
      String keySet,
      String data,
      String trust,
      @Nullable Instant trustUntil,
      @Nullable String why,
      Map<String, Long> observed,
      long version) {}

  /// Absent members leave what stands, or the default where nothing does.
  ///
  /// @param until when a lowered level ends; 14 days ahead when absent
  /// @param why it is lowered
  /// @param version of the policy that was read; absent when there is none
  @Schema(name = "NewAudience")
  record New(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String audience,
      @Nullable String keySet,
      @Nullable String data,
      @Nullable String trust,
      @Nullable String until,
      @Nullable String why,
      @Nullable Long version,
      @Nullable Boolean dryRun) {}

  /// @param policy as it stands now; absent in a dry run
  @Schema(name = "AudienceChange")
  record Change(boolean dryRun, List<String> effects, @Nullable Shown policy) {}

  @GetMapping
  @Operation(summary = "All audiences with a policy; every other one has the default")
  AudienceList list() {
    return new AudienceList(
        audiences.list().stream().map(this::shown).toList(),
        List.copyOf(new TreeSet<>(audiences.broken().keySet())));
  }

  @PutMapping
  @Refuses(AdminError.CONFLICT)
  @Operation(
      summary =
          "Give an audience a policy, or change it: key set, class of data, trust level. A lowered trust level needs a reason and ends by itself")
  Change set(@RequestBody New body) {
    var planned = plan(body);
    var audience = planned.audience();
    var effects = AudienceEffects.of(planned, clock.instant());
    if (Boolean.TRUE.equals(body.dryRun())) {
      requireDone(audiences.check(audience));
      return new Change(true, effects, null);
    }
    requireDone(audiences.set(audience, body.version(), KeysController.ACTOR));
    return new Change(false, effects, shown(audience));
  }

  private static void requireDone(Audiences.Outcome outcome) {
    switch (outcome) {
      case DONE -> {
        return;
      }
      case NO_SUCH_KEY_SET ->
          throw AdminError.INVALID_REQUEST.because(
              "Expected as \"key_set\" one that signs access tokens here; there is none of this name. See: ingam keys list");
      case CHANGED_MEANWHILE ->
          throw AdminError.CONFLICT.because(
              "Expected the \"version\" of the policy as it stands, none for an audience without one; it is another. Read it again.");
      case IN_DOUBT ->
          throw AdminError.CONFLICT.because(
              "Expected rows that this server wrote; they were changed in the database. Delete the audiences in doubt first.");
      case TOO_MANY ->
          throw AdminError.CONFLICT.because("Expected at most 1,000 audiences with a policy.");
      case TOO_MANY_LOWERED, PERSONAL_ROUTE, LOWERED -> throw lowered(outcome);
    }
  }

  private static AdminException lowered(Audiences.Outcome outcome) {
    return AdminError.CONFLICT.because(
        switch (outcome) {
          case PERSONAL_ROUTE ->
              "Expected an audience that no route of personal data names; one does, or the routes were changed in the database. Its trust level is never lowered. See: ingam routes list";
          case LOWERED ->
              "Expected an audience whose trust level is required, before it becomes one of personal data. First: ingam audiences set AUDIENCE --trust required";
          case TOO_MANY_LOWERED ->
              "Expected at most 64 audiences with a lowered trust level at a time. Raise another first.";
          case DONE, CHANGED_MEANWHILE, NO_SUCH_KEY_SET, IN_DOUBT, TOO_MANY ->
              throw new IllegalArgumentException("expected a conflict of trust levels");
        });
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Refuses(AdminError.NOT_FOUND)
  @Operation(summary = "Delete an audience's policy; the default holds from then on")
  void delete(@RequestParam("audience") String audience) {
    if (!audiences.delete(audience, KeysController.ACTOR)) {
      throw AdminError.NOT_FOUND.because(
          "Expected an audience with a policy; there is none of this name.");
    }
  }

  private Shown shown(Audience audience) {
    return audiences.list().stream()
        .filter(kept -> kept.audience().name().equals(audience.name()))
        .map(this::shown)
        .findFirst()
        .orElseThrow(() ->
            AdminError.CONFLICT.because("The policy was set, and deleted by somebody meanwhile."));
  }

  private Shown shown(Audiences.Kept kept) {
    var audience = kept.audience();
    var level = trust.of(audience.name());
    var lowered = level.isLowered() ? audience.lowered() : null;
    var counts = new TreeMap<String, Long>();
    observed.of(audience).forEach((reason, count) -> counts.put(reason.code(), count));
    return new Shown(
        audience.name(),
        audience.keySet(),
        audience.dataClass().name().toLowerCase(Locale.ROOT),
        level.wireName(),
        lowered == null ? null : lowered.until(),
        lowered == null ? null : lowered.reason(),
        counts,
        kept.version());
  }

  private Audiences.Planned plan(New body) {
    if (body.audience() == null) {
      throw AdminError.INVALID_REQUEST.because("Expected \"audience\"; it is missing.");
    }
    if (body.keySet() == null && body.data() == null && body.trust() == null) {
      throw AdminError.INVALID_REQUEST.because(
          "Expected \"key_set\", \"data\" or \"trust\"; all are missing.");
    }
    try {
      return audiences.plan(
          new AudienceChange(
              body.audience(),
              body.keySet(),
              body.data() == null ? null : RoutesController.dataClass(body.data()),
              level(body.trust()),
              until(body.until()),
              body.why()));
    } catch (IllegalArgumentException e) {
      throw AdminError.INVALID_REQUEST.because("Not an audience's policy: " + e.getMessage() + ".");
    }
  }

  private static @Nullable TrustLevel level(@Nullable String name) {
    var level = name == null ? null : TrustLevel.ofWireName(name);
    if (name != null && level == null) {
      throw AdminError.INVALID_REQUEST.because(
          "Expected \"trust\" required, observe or off; came " + AdminError.word(name) + ".");
    }
    return level;
  }

  private static @Nullable Instant until(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      throw AdminError.INVALID_REQUEST.because(
          "Expected \"until\" as a time like 2026-11-25T09:00:00Z, at most 14 days ahead.");
    }
  }
}
