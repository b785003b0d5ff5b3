package dev.ingam.server.admin;

import dev.ingam.issuance.audience.Audience;
import dev.ingam.issuance.audience.Audiences;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
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
@RequestMapping("/admin/audiences")
@Tag(name = "audiences")
final class AudiencesController {
  private final Audiences audiences;

  AudiencesController(Audiences audiences) {
    this.audiences = audiences;
  }

  /// @param inDoubt those whose rows this server did not write, or that it wrote and are gone
  record AudienceList(List<Shown> audiences, List<String> inDoubt) {}

  record Shown(String audience, String keySet, long version) {
    static Shown of(Audiences.Kept kept) {
      return new Shown(kept.audience().name(), kept.audience().keySet(), kept.version());
    }
  }

  /// @param version of the policy that was read; absent when there is none
  record New(@Nullable String audience, @Nullable String keySet, @Nullable Long version) {}

  @GetMapping
  @Operation(summary = "All audiences with a policy; every other one has the default")
  AudienceList list() {
    return new AudienceList(
        audiences.list().stream().map(Shown::of).toList(),
        List.copyOf(new TreeSet<>(audiences.broken().keySet())));
  }

  @PutMapping
  @Refuses(AdminError.CONFLICT)
  @Operation(summary = "Give an audience a policy, in place of the version that was read")
  Shown set(@RequestBody New body) {
    var audience = audience(body);
    return switch (audiences.set(audience, body.version(), KeysController.ACTOR)) {
      case DONE -> shown(audience);
      case CHANGED_MEANWHILE ->
          throw AdminError.CONFLICT.because(
              "Expected the \"version\" of the policy as it stands, none for an audience without one; it is another. Read it again.");
      case NO_SUCH_KEY_SET ->
          throw AdminError.INVALID_REQUEST.because(
              "Expected as \"key_set\" one that signs access tokens here; there is none of this name. See: ingam keys list");
      case IN_DOUBT ->
          throw AdminError.CONFLICT.because(
              "Expected rows that this server wrote; they were changed in the database. Delete the audiences in doubt first.");
      case TOO_MANY ->
          throw AdminError.CONFLICT.because("Expected at most 1,000 audiences with a policy.");
    };
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
        .map(Shown::of)
        .findFirst()
        .orElseThrow(() ->
            AdminError.CONFLICT.because("The policy was set, and deleted by somebody meanwhile."));
  }

  private static Audience audience(New body) {
    if (body.audience() == null || body.keySet() == null) {
      throw AdminError.INVALID_REQUEST.because(
          "Expected \"audience\" and \"key_set\"; one is missing.");
    }
    try {
      return new Audience(body.audience(), body.keySet());
    } catch (IllegalArgumentException e) {
      throw AdminError.INVALID_REQUEST.because("Not an audience's policy: " + e.getMessage() + ".");
    }
  }
}
