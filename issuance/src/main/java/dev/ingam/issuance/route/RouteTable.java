package dev.ingam.issuance.route;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the database held at one moment, and what of it is ours.
///
/// @param known rows whose MAC was checked and holds
/// @param claims in the order in which they are tried
/// @param broken ids of routes that somebody else wrote, changed or deleted, and since when
/// @param personal audiences that a route of personal data names
/// @param setBroken since when the set of routes is not ours; then every request is in doubt
record RouteTable(
    RouteSet set,
    Map<RouteRow, Route> known,
    List<Claim> claims,
    Map<String, Instant> broken,
    Set<String> personal,
    @Nullable Instant setBroken) {
  static final RouteTable EMPTY =
      new RouteTable(RouteSet.NONE, Map.of(), List.of(), Map.of(), Set.of(), null);

  /// What holds at a place.
  ///
  /// @param route null where it is in doubt
  record Claim(String method, PathPattern path, @Nullable Route route) {
    private static final Comparator<Claim> ORDER =
        Comparator.comparing(Claim::path, PathPattern.MOST_SPECIFIC_FIRST)
            .thenComparing(claim -> claim.method().equals("*"))
            .thenComparing(claim -> claim.route() != null)
            .thenComparing(claim -> claim.route() == null ? "" : claim.route().id());

    boolean matches(String requestMethod, CanonicalPath requestPath) {
      return (method.equals("*") || method.equals(requestMethod)) && path.matches(requestPath);
    }
  }

  /// What is read of each row.
  interface Intact {
    /// The route, or null when the row is not ours.
    @Nullable Route of(RouteRow row);
  }

  /// Sorts rows into routes and doubts.
  ///
  /// @param set null when it is not ours
  RouteTable next(@Nullable RouteSet set, List<RouteRow> rows, Intact intact, Instant now) {
    var routes = new HashMap<RouteRow, Route>();
    var claims = new ArrayList<Claim>();
    var doubtful = new HashSet<String>();
    var missing = new HashMap<>(set == null ? Map.<String, RouteSet.Member>of() : set.members());
    for (var row : rows) {
      var route = known.containsKey(row) ? known.get(row) : intact.of(row);
      if (route != null) {
        routes.put(row, route);
      }
      var member = missing.get(row.id());
      var listed = member != null && member.mac().equals(row.mac());
      if (route != null && (set == null || listed)) {
        missing.remove(row.id());
        claims.add(new Claim(route.method(), route.path(), route));
      } else {
        doubtful.add(row.id());
        addDoubt(claims, row);
      }
    }
    missing.forEach((id, member) -> {
      doubtful.add(id);
      claims.add(new Claim(member.method(), member.path(), null));
    });
    claims.sort(Claim.ORDER);
    var since = new HashMap<String, Instant>();
    doubtful.forEach(id -> since.put(id, broken.getOrDefault(id, now)));
    var setSince = set != null ? null : setBroken == null ? now : setBroken;
    return new RouteTable(
        set == null ? this.set : set,
        Map.copyOf(routes),
        List.copyOf(claims),
        Map.copyOf(since),
        personal(claims),
        setSince);
  }

  private static Set<String> personal(List<Claim> claims) {
    var audiences = new HashSet<String>();
    for (var claim : claims) {
      var route = claim.route();
      if (route != null && route.dataClass() == DataClass.PERSONAL) {
        audiences.add(route.audience());
      }
    }
    return Set.copyOf(audiences);
  }

  /// Whether a route of personal data names this audience, or nobody can tell.
  boolean maySayPersonal(String audience) {
    return setBroken != null || !broken.isEmpty() || personal.contains(audience);
  }

  /// A row that is not ours holds its own place too, if it names one.
  private static void addDoubt(List<Claim> claims, RouteRow row) {
    try {
      claims.add(new Claim(row.method(), PathPattern.of(row.path()), null));
    } catch (IllegalArgumentException e) {
      // The place that we gave the route is claimed by the set.
      return;
    }
  }

  RouteMatch match(String method, CanonicalPath path) {
    if (setBroken != null) {
      return new RouteMatch.InDoubt();
    }
    for (var claim : claims) {
      if (claim.matches(method, path)) {
        var route = claim.route();
        return route == null ? new RouteMatch.InDoubt() : new RouteMatch.Found(route);
      }
    }
    return new RouteMatch.Unmatched();
  }
}
