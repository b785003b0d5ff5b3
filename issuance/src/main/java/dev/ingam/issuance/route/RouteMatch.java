package dev.ingam.issuance.route;

/// What the gate's routes say of one request.
public sealed interface RouteMatch {
  /// This route holds.
  record Found(Route route) implements RouteMatch {}

  /// No route names it: the strictest class holds.
  record Unmatched() implements RouteMatch {}

  /// The route that held here was changed or deleted in the database, so nobody knows what holds:
  /// the request is refused. A wider route must not take over.
  record InDoubt() implements RouteMatch {}
}
