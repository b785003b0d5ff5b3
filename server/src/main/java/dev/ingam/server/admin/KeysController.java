package dev.ingam.server.admin;

import dev.ingam.keys.BirthCertificates;
import dev.ingam.keys.KeyForecast;
import dev.ingam.keys.KeyLifecycle;
import dev.ingam.keys.KeyView;
import dev.ingam.server.door.Reply;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Signing keys and the moves of their life.
@RestController
@RequestMapping(path = "/admin", produces = Reply.JSON)
@Tag(name = "keys")
final class KeysController {
  static final String ACTOR = "root";

  private final KeyLifecycle lifecycle;
  private final KeyForecast forecast;
  private final BirthCertificates births;

  KeysController(KeyLifecycle lifecycle, KeyForecast forecast, BirthCertificates births) {
    this.lifecycle = lifecycle;
    this.forecast = forecast;
    this.births = births;
  }

  @Schema(name = "KeyList")
  record Keys(List<Key> keys) {}

  /// @param store the kind of store that bears it, file or pkcs11; this and the next four are
  ///   absent for a key that was made before they were kept
  /// @param device what made it
  /// @param extractable whether whoever reaches the store can read its private half
  /// @param countedBy who counts its signatures, device or process
  /// @param birthCertificate all of that and its policy, signed; also absent for a second after the
  ///   birth
  record Key(
      String kid,
      String set,
      String purpose,
      String algorithm,
      String domain,
      String state,
      boolean reserve,
      Instant createdAt,
      @Nullable Instant activatedAt,
      @Nullable Instant signsUntil,
      @Nullable Instant verifiesUntil,
      @Nullable Instant taintedAt,
      @Nullable String why,
      boolean privateHalf,
      long signatures,
      @Nullable String store,
      @Nullable String device,
      @Nullable Boolean extractable,
      @Nullable String countedBy,
      @Nullable String birthCertificate,
      long version) {
    static Key of(KeyView view, @Nullable String certificate) {
      var origin = view.papers() == null ? null : view.papers().origin();
      return new Key(
          view.kid(),
          view.set(),
          view.purpose().wireName(),
          view.algorithm().jose(),
          view.domain(),
          view.state().wireName(),
          view.reserve(),
          view.createdAt(),
          view.activatedAt(),
          view.signsUntil(),
          view.verifiesUntil(),
          view.taintedAt(),
          view.why(),
          view.privateHalf(),
          view.signatures(),
          origin == null ? null : origin.store(),
          origin == null ? null : origin.device(),
          origin == null ? null : origin.extractable(),
          origin == null ? null : origin.countedBy().wireName(),
          certificate,
          view.version());
    }
  }

  /// @param key as it stands after the change, or before it in a dry run; absent while there is
  ///   none
  @Schema(name = "KeyChange")
  record Change(boolean dryRun, List<String> effects, @Nullable Key key) {}

  @Schema(name = "DryRun")
  record Trial(@Nullable Boolean dryRun) {}

  record Rotate(@Nullable Boolean now, @Nullable Boolean dryRun) {}

  record TakeAway(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String why,
      @Nullable Boolean dryRun) {}

  @GetMapping("/keys")
  @Operation(summary = "All keys, newest first")
  Keys list() {
    return new Keys(
        lifecycle.list().stream()
            .sorted(Comparator.comparing(KeyView::createdAt).reversed())
            .map(this::key)
            .toList());
  }

  @GetMapping("/keys/{kid}")
  @Refuses(AdminError.NOT_FOUND)
  @Operation(summary = "One key")
  Key show(@PathVariable("kid") String kid) {
    return key(known(kid));
  }

  @PostMapping("/key-sets/{set}/prepare")
  @ResponseStatus(HttpStatus.CREATED)
  @Refuses({AdminError.NOT_FOUND, AdminError.CONFLICT})
  @Operation(summary = "Make and publish the next key of a set")
  Change prepare(@PathVariable("set") String set, @RequestBody Trial body) {
    var effects = forecast.prepare(set);
    return change(body.dryRun(), effects, null, () -> lifecycle.prepare(set, ACTOR));
  }

  @PostMapping("/key-sets/{set}/rotate")
  @Refuses({AdminError.NOT_FOUND, AdminError.CONFLICT})
  @Operation(
      summary =
          "Make the next key of a set the signing key; now: even if it was not published long enough")
  Change rotate(@PathVariable("set") String set, @RequestBody Rotate body) {
    var now = Boolean.TRUE.equals(body.now());
    var effects = forecast.rotate(set, now);
    return change(body.dryRun(), effects, null, () -> lifecycle.rotate(set, now, ACTOR));
  }

  @PostMapping("/keys/{kid}/activate")
  @Refuses({AdminError.NOT_FOUND, AdminError.CONFLICT})
  @Operation(summary = "Let a prepared key sign")
  Change activate(@PathVariable("kid") String kid, @RequestBody Trial body) {
    var key = known(kid);
    return change(body.dryRun(), forecast.activate(key), key, () -> lifecycle.activate(kid, ACTOR));
  }

  @PostMapping("/keys/{kid}/taint")
  @Refuses({AdminError.NOT_FOUND, AdminError.CONFLICT})
  @Operation(summary = "Stop a key for good; what was issued with it stays good until it expires")
  Change taint(@PathVariable("kid") String kid, @RequestBody TakeAway body) {
    var why = Why.of("why", body.why());
    var key = known(kid);
    return change(body.dryRun(), forecast.taint(key), key, () -> lifecycle.taint(kid, why, ACTOR));
  }

  @PostMapping("/keys/{kid}/revoke")
  @Refuses({AdminError.NOT_FOUND, AdminError.CONFLICT})
  @Operation(summary = "End a key and everything it signed")
  Change revoke(@PathVariable("kid") String kid, @RequestBody TakeAway body) {
    var why = Why.of("why", body.why());
    var key = known(kid);
    return change(
        body.dryRun(), forecast.revoke(key), key, () -> lifecycle.revoke(kid, why, ACTOR));
  }

  private Key key(KeyView view) {
    return Key.of(view, births.of(view.kid()));
  }

  private KeyView known(String kid) {
    var view = lifecycle.show(kid);
    if (view == null) {
      throw AdminError.NOT_FOUND.because("Expected the id of a key; there is none of this id.");
    }
    return view;
  }

  private Change change(
      @Nullable Boolean dryRun,
      List<String> effects,
      @Nullable KeyView before,
      Supplier<KeyView> change) {
    if (Boolean.TRUE.equals(dryRun)) {
      return new Change(true, effects, before == null ? null : key(before));
    }
    return new Change(false, effects, key(change.get()));
  }
}
