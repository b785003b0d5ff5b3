package dev.ingam.drill;

import dev.ingam.drill.web.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts together what each side counted: the shop what it served, the attacker and the shoppers
/// what they read, the server what it did about the key `stolenKid`.
record Findings(
    int accounts,
    IngamServer server,
    String stolenKid,
    Raids.Spoils spoils,
    ShopperCounts honest,
    Clock clock) {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int EVERY_MILLIS = 100;

  /// @param books the shop's own count
  /// @param seen what became of the key, from outside
  /// @param raids asked how many forged requests had been sent by then
  DemoResult result(Json books, KeyWatch.Seen seen, Raids raids) {
    var proofs = proofs();
    var recorded = taintedAt(proofs);
    var replaced = seen.replaced();
    return new DemoResult(
        accounts,
        spoils.exposed(),
        new DemoResult.Honest(
            Shoppers.count(), honest.requests(), honest.refusals(), honest.pagesWithGoneKey()),
        new DemoResult.Forged(
            spoils.keysCopied(),
            spoils.forgedRequests(),
            replaced == null ? spoils.forgedRequests() : raids.sentUntil(replaced),
            new DemoResult.Forged.ForNobody(spoils.forNobody(), unknownSubjects(proofs)),
            new DemoResult.Forged.Thief(spoils.exchange().requests(), spoils.thiefTokens())),
        new DemoResult.Theft(
            recorded != null,
            since(seen.tainted()),
            since(replaced),
            honest.tokensOfGoneKey(),
            since(recorded)),
        spoils.agree(books, honest.pages()));
  }

  /// What the server says was proven. It writes its evidence down about once a second, so this
  /// waits until all that was sent has been counted, or for long enough.
  private List<Json> proofs() {
    var deadline = clock.instant().plus(PATIENCE);
    var proofs = server.get("/admin/proofs").objects("proofs");
    while (unknownSubjects(proofs) < spoils.forNobody() && clock.instant().isBefore(deadline)) {
      IngamServer.pause(EVERY_MILLIS);
      proofs = server.get("/admin/proofs").objects("proofs");
    }
    return proofs;
  }

  private static long unknownSubjects(List<Json> proofs) {
    return proofs.stream().mapToLong(proof -> proof.number("unknown_subjects")).sum();
  }

  private @Nullable Instant taintedAt(List<Json> proofs) {
    return proofs.stream()
        .filter(proof -> proof.text("kid").equals(stolenKid) && proof.has("tainted_at"))
        .map(proof -> Instant.parse(proof.text("tainted_at")))
        .findFirst()
        .orElse(null);
  }

  private long since(@Nullable Instant then) {
    return then == null ? -1 : Duration.between(spoils.firstSent(), then).toMillis();
  }
}
