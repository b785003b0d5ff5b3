package dev.ingam.drill;

import dev.ingam.drill.web.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts together what each side counted: the shop what it served, the attacker and the shoppers
/// what they read, the server what it did about the key `stolenKid`.
record Findings(
    int accounts, IngamServer server, String stolenKid, Raids.Spoils spoils, ShopperCounts honest) {

  /// @param books the shop's own count
  /// @param seenGone when the public JWK set was first seen without the key
  /// @param raids asked how many forged requests had been sent when the new key became active
  DemoResult result(Json books, @Nullable Instant seenGone, Raids raids) {
    var keys = server.get("/admin/keys").objects("keys");
    var tainted = time(keys, stolenKid, "tainted_at");
    var replaced = firstSuccessor(keys);
    return new DemoResult(
        accounts,
        spoils.exposed(),
        new DemoResult.Honest(
            Shoppers.count(), honest.requests(), honest.refusals(), honest.pagesWithStolenKey()),
        new DemoResult.Forged(
            spoils.keysCopied(),
            spoils.forgedRequests(),
            replaced == null ? spoils.forgedRequests() : raids.sentUntil(replaced),
            unknownSubjects(),
            spoils.exchange().requests()),
        new DemoResult.Theft(
            proven() && tainted != null, since(tainted), since(replaced), since(seenGone)),
        spoils.agree(books, honest.pages()));
  }

  private boolean proven() {
    return server.get("/admin/proofs").objects("proofs").stream()
        .anyMatch(proof -> stolenKid.equals(proof.textOrNull("kid")));
  }

  private long unknownSubjects() {
    return server.get("/admin/proofs").number("unknown_subjects");
  }

  /// When the first key after the stolen one became active.
  private @Nullable Instant firstSuccessor(List<Json> keys) {
    return keys.stream()
        .filter(key -> !key.text("kid").equals(stolenKid) && key.has("activated_at"))
        .map(key -> Instant.parse(key.text("activated_at")))
        .min(Instant::compareTo)
        .orElse(null);
  }

  private static @Nullable Instant time(List<Json> keys, String kid, String member) {
    return keys.stream()
        .filter(key -> key.text("kid").equals(kid) && key.has(member))
        .map(key -> Instant.parse(key.text(member)))
        .findFirst()
        .orElse(null);
  }

  private long since(@Nullable Instant then) {
    return then == null ? -1 : Duration.between(spoils.firstSent(), then).toMillis();
  }
}
