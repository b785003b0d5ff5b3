package dev.ingam.issuance;

import dev.ingam.wire.KeySet;

/// The log-in system whose word is taken in token exchange.
///
/// Whoever holds one of its private keys can vouch for anybody; without a session opened by the
/// other client that opens nothing.
///
/// @param issuer the `iss` of its tokens
/// @param keys its public keys, pinned: they change with the configuration, never by a fetch
public record UpstreamIssuer(String issuer, KeySet keys) {
  public UpstreamIssuer {
    if (issuer.isEmpty() || keys.keys().isEmpty()) {
      throw new IllegalArgumentException("expected the upstream's issuer and at least one key");
    }
  }
}
