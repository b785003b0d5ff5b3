package dev.ingam.verifier;

import dev.ingam.wire.TrustLevel;

/// What a resource server expects of the tokens that it is shown: exactly this issuer and this
/// audience. `singleUse` has the ledger accept a token at most once whatever its entry says;
/// `clientsAllowed` lets in clients that act for themselves (`sub` is `client:<id>`), which routes
/// with personal data never do.
///
/// @param boundOnly takes no token that is not bound to its sender, by DPoP or a certificate
/// @param leastTrust how much proof is needed at least, whatever the audience's policy on the
///   server says: a service can be stricter than that and never less so
public record Expectation(
    String issuer,
    String audience,
    boolean singleUse,
    boolean clientsAllowed,
    boolean boundOnly,
    TrustLevel leastTrust) {
  public Expectation {
    if (issuer.isBlank() || audience.isBlank()) {
      throw new IllegalArgumentException(
          "expected an issuer and an audience, came a blank one: a verifier that expects any accepts"
              + " what was meant for others");
    }
  }

  /// As strict as the audience's policy says.
  public Expectation(String issuer, String audience, boolean singleUse, boolean clientsAllowed) {
    this(issuer, audience, singleUse, clientsAllowed, false, TrustLevel.OFF);
  }

  /// The same, and no less proof than this.
  public Expectation withTrustAtLeast(TrustLevel least) {
    return new Expectation(issuer, audience, singleUse, clientsAllowed, boundOnly, least);
  }

  /// The same, and of tokens that are bound to their sender alone.
  public Expectation ofBoundTokens() {
    return new Expectation(issuer, audience, singleUse, clientsAllowed, true, leastTrust);
  }
}
