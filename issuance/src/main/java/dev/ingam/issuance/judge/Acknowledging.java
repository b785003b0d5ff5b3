package dev.ingam.issuance.judge;

import dev.ingam.keys.Acknowledgements;
import java.util.LinkedHashSet;
import java.util.List;

/// A person takes up thefts: the forged tokens of a key, and that its custody domain was condemned,
/// by a proof or by hand. The alarms of both end; a new proof or a new emergency alarms again.
///
/// The domain's row and the theft's are two transactions, each with its event. Both are idempotent:
/// who was answered with an error asks again.
public final class Acknowledging {
  private final TheftProofs proofs;
  private final Acknowledgements domains;

  public Acknowledging(TheftProofs proofs, Acknowledgements domains) {
    this.proofs = proofs;
    this.domains = domains;
  }

  /// What a person has taken up.
  ///
  /// @param forgedTokens of this key so far; 0 when its domain was condemned without
  public record Acknowledged(String kid, String domain, long forgedTokens) {}

  /// Takes up what is known about this key.
  ///
  /// @throws dev.ingam.keys.KeysException NO_SUCH_KEY, or ILLEGAL_MOVE when its domain is not
  ///   condemned, or still waits for that
  public Acknowledged acknowledge(String kid, String why, String actor) {
    var domain = domains.acknowledge(kid, why, actor);
    return new Acknowledged(kid, domain, proofs.acknowledge(kid, why, actor));
  }

  /// Takes up everything that was condemned and replaced, and that nobody has taken up yet.
  public List<Acknowledged> acknowledgeAll(String why, String actor) {
    var kids = new LinkedHashSet<>(proofs.unacknowledged());
    kids.addAll(domains.open());
    return kids.stream().map(kid -> acknowledge(kid, why, actor)).toList();
  }
}
