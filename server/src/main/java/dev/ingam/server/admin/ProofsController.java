package dev.ingam.server.admin;

import dev.ingam.issuance.judge.Acknowledging;
import dev.ingam.issuance.judge.Evidence;
import dev.ingam.issuance.judge.ProofCount;
import dev.ingam.issuance.judge.TheftProofs;
import dev.ingam.server.door.Reply;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// What proved that a signing key is out.
@RestController
@RequestMapping(path = "/admin/proofs", produces = Reply.JSON)
@Tag(name = "proofs")
final class ProofsController {
  private static final int MAX_LIMIT = 1000;

  private final TheftProofs proofs;
  private final Acknowledging acknowledging;

  ProofsController(TheftProofs proofs, Acknowledging acknowledging) {
    this.proofs = proofs;
    this.acknowledging = acknowledging;
  }

  @Schema(name = "ProofList")
  record Proofs(List<Theft> proofs) {}

  /// @param forgedTokens presented so far, all of them refused
  /// @param unknownSubjects those of them that name nobody who exists
  /// @param uncheckedSubjects those for which that could not be found out
  /// @param domain the custody domain that was condemned
  /// @param replacedAt when the new keys signed; absent while that waits for its turn
  /// @param acknowledgedAt when a person took it up, absent while nobody did
  /// @param acknowledgedTokens so many forged tokens were known then; further ones alarm again
  @Schema(name = "Proof")
  record Theft(
      String kid,
      long forgedTokens,
      long unknownSubjects,
      long uncheckedSubjects,
      Instant firstAt,
      Instant lastAt,
      @Nullable String domain,
      @Nullable Instant taintedAt,
      @Nullable Instant replacedAt,
      @Nullable List<String> taintedKids,
      @Nullable List<String> newActiveKids,
      @Nullable Instant acknowledgedAt,
      @Nullable String acknowledgedBy,
      @Nullable String acknowledgedWhy,
      @Nullable Long acknowledgedTokens) {}

  record Reason(@Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String why) {}

  record AcknowledgedList(List<Acknowledged> acknowledged) {}

  /// @param forgedTokens of this key so far; 0 when its domain was condemned by hand
  record Acknowledged(String kid, String domain, long forgedTokens) {
    static Acknowledged of(Acknowledging.Acknowledged each) {
      return new Acknowledged(each.kid(), each.domain(), each.forgedTokens());
    }
  }

  record EvidenceList(List<Item> evidence, long last) {}

  @Schema(name = "Evidence")
  record Item(
      long id,
      String kid,
      Instant foundAt,
      String finding,
      String reason,
      String askedBy,
      String digest,
      @Nullable String serial,
      @Nullable Boolean subjectKnown) {
    static Item of(Evidence each) {
      return new Item(
          each.id(),
          each.kid(),
          each.foundAt(),
          each.finding(),
          each.reason(),
          each.askedBy(),
          each.digest(),
          each.serial(),
          each.subjectKnown());
    }
  }

  @GetMapping
  @Operation(summary = "Stolen keys, the first theft first")
  Proofs list() {
    return new Proofs(proofs.counts().stream().map(this::theft).toList());
  }

  @GetMapping("/evidence")
  @Operation(summary = "The forged tokens one by one, without the tokens, behind a number")
  EvidenceList evidence(
      @RequestParam(name = "after", defaultValue = "0") long after,
      @RequestParam(name = "limit", defaultValue = "100") int limit) {
    if (after < 0 || limit < 1 || limit > MAX_LIMIT) {
      throw AdminError.INVALID_REQUEST.because(
          "Expected after of 0 or more and limit of 1 to 1000; came others.");
    }
    var found = proofs.evidence(after, limit);
    var last = found.isEmpty() ? after : found.getLast().id();
    return new EvidenceList(found.stream().map(Item::of).toList(), last);
  }

  @PostMapping("/{kid}/acknowledge")
  @Refuses({AdminError.NOT_FOUND, AdminError.CONFLICT})
  @Operation(
      summary =
          "A person has taken up this theft: its alarms end, until one more forged token comes")
  AcknowledgedList acknowledge(@PathVariable("kid") String kid, @RequestBody Reason body) {
    var why = Why.of("why", body.why());
    var done = acknowledging.acknowledge(kid, why, KeysController.ACTOR);
    return new AcknowledgedList(List.of(Acknowledged.of(done)));
  }

  @PostMapping("/acknowledge")
  @Operation(summary = "The same for every theft that was replaced and that nobody has taken up")
  AcknowledgedList acknowledgeAll(@RequestBody Reason body) {
    var why = Why.of("why", body.why());
    return new AcknowledgedList(
        acknowledging.acknowledgeAll(why, KeysController.ACTOR).stream()
            .map(Acknowledged::of)
            .toList());
  }

  private Theft theft(ProofCount count) {
    var said = proofs.acknowledgement(count.kid());
    var condemned = proofs.condemnation(count.kid());
    return new Theft(
        count.kid(),
        count.proofs(),
        count.unknownSubjects(),
        count.uncheckedSubjects(),
        count.firstAt(),
        count.lastAt(),
        condemned == null ? null : condemned.domain(),
        condemned == null ? null : condemned.taintedAt(),
        condemned == null ? null : condemned.replacedAt(),
        condemned == null ? null : condemned.taintedKids(),
        condemned == null ? null : condemned.newActiveKids(),
        said == null ? null : said.at(),
        said == null ? null : said.actor(),
        said == null ? null : said.why(),
        said == null ? null : said.proofs());
  }
}
