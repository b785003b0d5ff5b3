package dev.ingam.verifier;

/// What a resource server expects of the tokens that it is shown: exactly this issuer and this
/// audience. `singleUse` has the ledger accept a token at most once whatever its entry says;
/// `clientsAllowed` lets in clients that act for themselves (`sub` is `client:<id>`), which routes
/// with personal data never do.
public record Expectation(
    String issuer, String audience, boolean singleUse, boolean clientsAllowed) {
  public Expectation {
    if (issuer.isBlank() || audience.isBlank()) {
      throw new IllegalArgumentException(
          "expected an issuer and an audience, came a blank one: a verifier that expects any accepts"
              + " what was meant for others");
    }
  }
}
