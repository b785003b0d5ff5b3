package dev.ingam.issuance.audience;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The audiences that have a policy, as one row with a MAC: a row that is deleted, changed or put
/// back is missed.
///
/// @param version grows with each change
/// @param macs of the rows, by audience
record AudienceSet(long version, Map<String, String> macs) {
  static final AudienceSet NONE = new AudienceSet(0, Map.of());

  AudienceSet {
    macs = Map.copyOf(macs);
  }

  /// Reads what [#text] wrote; null when it is no such text.
  static @Nullable AudienceSet read(long version, String text) {
    var macs = new TreeMap<String, String>();
    for (var line : text.lines().toList()) {
      var parts = line.split(" ", -1);
      if (parts.length != 2) {
        return null;
      }
      macs.put(parts[0], parts[1]);
    }
    return new AudienceSet(version, macs);
  }

  /// A line for each audience: name and MAC, none of which holds a space.
  String text() {
    return new TreeMap<>(macs)
        .entrySet().stream()
            .map(each -> each.getKey() + " " + each.getValue() + "\n")
            .collect(Collectors.joining());
  }

  /// The version that [#with] and [#without] make.
  long next() {
    return version + 1;
  }

  /// The next version, with this row.
  AudienceSet with(AudienceRow row) {
    var changed = new TreeMap<>(macs);
    changed.put(row.name(), row.mac());
    return new AudienceSet(next(), changed);
  }

  /// The next version, without this audience.
  AudienceSet without(String audience) {
    var changed = new TreeMap<>(macs);
    changed.remove(audience);
    return new AudienceSet(next(), changed);
  }

  /// A set that nobody can trust begins anew behind the last version that was seen.
  static AudienceSet anew(long behind) {
    return new AudienceSet(behind, Map.of());
  }
}
