package dev.ingam.issuance.route;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The routes that this authority has, as one row with a MAC: a row that is deleted, changed or put
/// back leaves what is written here, and so is missed at the place where it held.
///
/// @param version grows with each change
/// @param members by route id
record RouteSet(long version, Map<String, Member> members) {
  static final RouteSet NONE = new RouteSet(0, Map.of());

  /// One route of the set.
  ///
  /// @param mac of its row
  record Member(String mac, String method, PathPattern path) {}

  RouteSet {
    members = Map.copyOf(members);
  }

  /// Reads what [#text] wrote; null when it is no such text.
  static @Nullable RouteSet read(long version, String text) {
    var members = new TreeMap<String, Member>();
    for (var line : text.lines().toList()) {
      var parts = line.split(" ", -1);
      if (parts.length != 4) {
        return null;
      }
      try {
        members.put(parts[0], new Member(parts[1], parts[2], PathPattern.of(parts[3])));
      } catch (IllegalArgumentException e) {
        return null;
      }
    }
    return new RouteSet(version, members);
  }

  /// A line for each member: id, MAC, method and path, none of which holds a space.
  String text() {
    return new TreeMap<>(members)
        .entrySet().stream()
            .map(each ->
                String.join(
                        " ",
                        each.getKey(),
                        each.getValue().mac(),
                        each.getValue().method(),
                        each.getValue().path().toString())
                    + "\n")
            .collect(Collectors.joining());
  }

  /// The next version, with this row.
  RouteSet with(RouteRow row) {
    var changed = new TreeMap<>(members);
    changed.put(row.id(), new Member(row.mac(), row.method(), PathPattern.of(row.path())));
    return new RouteSet(version + 1, changed);
  }

  /// The next version, without this id.
  RouteSet without(String id) {
    var changed = new TreeMap<>(members);
    changed.remove(id);
    return new RouteSet(version + 1, changed);
  }

  /// A set that nobody can trust begins anew behind the last version that was seen.
  static RouteSet anew(long behind) {
    return new RouteSet(behind, Map.of());
  }
}
