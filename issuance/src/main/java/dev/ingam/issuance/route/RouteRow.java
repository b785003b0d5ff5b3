package dev.ingam.issuance.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A row of `issuance.route`. Routes are added and removed, never changed: the version is 1.
record RouteRow(
    String id,
    String method,
    String path,
    String audience,
    String scopes,
    String dataClass,
    boolean singleUse,
    boolean clientsAllowed,
    boolean boundOnly,
    long version,
    String mac) {
  static RouteRow of(Route route) {
    return new RouteRow(
        route.id(),
        route.method(),
        route.path().toString(),
        route.audience(),
        String.join(" ", new TreeSet<>(route.scopes())),
        route.dataClass().name(),
        route.singleUse(),
        route.clientsAllowed(),
        route.boundOnly(),
        1,
        "");
  }

  RouteRow withMac(String hex) {
    return new RouteRow(
        id,
        method,
        path,
        audience,
        scopes,
        dataClass,
        singleUse,
        clientsAllowed,
        boundOnly,
        version,
        hex);
  }

  /// All that the MAC is over, besides id and version. That tokens must be bound comes last and
  /// only where it is so: rows written before this was kept keep their MAC.
  List<@Nullable String> columns() {
    var columns =
        new ArrayList<@Nullable String>(
            List.of(
                method,
                path,
                audience,
                scopes,
                dataClass,
                Boolean.toString(singleUse),
                Boolean.toString(clientsAllowed)));
    if (boundOnly) {
      columns.add("bound");
    }
    return columns;
  }

  /// The route, or null when the row says nothing that a route can be.
  @Nullable Route route() {
    try {
      return new Route(
          id,
          method,
          PathPattern.of(path),
          audience,
          scopes.isEmpty() ? Set.of() : Set.of(scopes.split(" ")),
          DataClass.valueOf(dataClass),
          singleUse,
          clientsAllowed,
          boundOnly);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
