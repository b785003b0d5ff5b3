package dev.ingam.issuance.route;

/// Audiences whose tokens are accepted on less than both proofs: no route of personal data may name
/// one.
@FunctionalInterface
public interface LoweredAudiences {
  /// Whether this one is. Asked in the transaction that adds a route, before it locks anything
  /// else; the answer stays true until that transaction ends.
  boolean isLowered(String audience);
}
