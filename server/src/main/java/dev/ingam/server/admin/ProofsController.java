package dev.ingam.server.admin;

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

  ProofsController(TheftProofs proofs) {
    this.proofs = proofs;
  }

  @Schema(name = "ProofList")
  record Proofs(List<Theft> proofs) {}

  /// @param forgedTokens presented so far, all of them refused
  /// @param unknownSubjects those of them that name nobody who exists
  /// @param uncheckedSubjects those for which that could not be found out
  /// @param domain the custody domain that was condemned
  /// @param replacedAt when the new keys signed; absent while that waits for its turn
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
      @Nullable List<String> newActiveKids) {}

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

  private Theft theft(ProofCount count) {
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
        condemned == null ? null : condemned.newActiveKids());
  }
}
