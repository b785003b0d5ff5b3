package dev.ingam.issuance.route;

/// What a route serves. It decides what doubt means there: a route that serves personal data
/// answers 503 when ledger or key state cannot be trusted, never access.
public enum DataClass {
  /// Nothing that anybody is hurt by.
  NONE,
  /// Data of the house, not of persons.
  INTERNAL,
  /// Personal data. The strictest, and what an unmatched route is.
  PERSONAL
}
