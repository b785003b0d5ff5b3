package dev.ingam.issuance;

/// The listener that a request came in by. What is served depends on it.
public enum Listener {
  /// 8420: clients for themselves.
  PUBLIC,
  /// 8422: token exchange, log-in events, ledger, gate.
  INTERNAL
}
