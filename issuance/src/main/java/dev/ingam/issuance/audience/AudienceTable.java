package dev.ingam.issuance.audience;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the database held at one moment, and what of it is ours.
///
/// @param sound rows that are ours, by audience
/// @param broken audiences whose row somebody else wrote, changed or deleted, and since when; all
///   that have a row when the set is not ours
/// @param setBroken since when the set of audiences is not ours; then every audience is in doubt
record AudienceTable(
    AudienceSet set,
    Map<String, Sound> sound,
    Map<String, Instant> broken,
    @Nullable Instant setBroken) {
  static final AudienceTable EMPTY = new AudienceTable(AudienceSet.NONE, Map.of(), Map.of(), null);

  /// A row that is ours, and what it says.
  record Sound(AudienceRow row, Audience audience) {}

  /// What is read of each row.
  interface Intact {
    /// The policy, or null when the row is not ours.
    @Nullable Audience of(AudienceRow row);
  }

  /// Sorts rows into policies and doubts. Without a set that is ours nothing is sound.
  ///
  /// @param current null when it is not ours
  AudienceTable next(
      @Nullable AudienceSet current, List<AudienceRow> rows, Intact intact, Instant now) {
    var macs = current == null ? Map.<String, String>of() : current.macs();
    var found = new HashMap<String, Sound>();
    var doubtful = new HashSet<>(macs.keySet());
    for (var row : rows) {
      var audience = row.mac().equals(macs.get(row.name())) ? read(row, intact) : null;
      if (audience == null) {
        doubtful.add(row.name());
      } else {
        doubtful.remove(row.name());
        found.put(row.name(), new Sound(row, audience));
      }
    }
    var since = new HashMap<String, Instant>();
    doubtful.forEach(name -> since.put(name, broken.getOrDefault(name, now)));
    var setSince = current != null ? null : setBroken == null ? now : setBroken;
    return new AudienceTable(
        current == null ? set : current, Map.copyOf(found), Map.copyOf(since), setSince);
  }

  /// A row that was checked before is not checked again.
  private @Nullable Audience read(AudienceRow row, Intact intact) {
    var known = sound.get(row.name());
    return known != null && known.row().equals(row) ? known.audience() : intact.of(row);
  }

  AudienceMatch match(String audience) {
    var known = sound.get(audience);
    if (known != null) {
      return new AudienceMatch.Found(known.audience());
    }
    return setBroken != null || broken.containsKey(audience)
        ? new AudienceMatch.InDoubt()
        : new AudienceMatch.Unnamed();
  }
}
