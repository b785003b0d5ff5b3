package dev.ingam.issuance;

/// One rule of the token endpoint.
interface TokenRule {
  /// What a rule makes of an attempt.
  sealed interface Step {}

  /// Go on with this.
  record Next(Attempt attempt) implements Step {}

  /// No token.
  record Stop(TokenResponse.Refused refused) implements Step {}

  Step apply(Attempt attempt);

  static Step stop(OAuthError error, String description) {
    return new Stop(TokenResponse.Refused.of(error, description));
  }
}
