package dev.ingam.keys.row;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The newest row of each id that this process believed. An older one that somebody put back has a
/// MAC that holds; only this memory tells it from the newest.
///
/// Of rows that are never deleted by us. Empty at the start: what was put back while no process
/// looked is not noticed. Whoever admits rows reads them one time after the other, so that what he
/// read later is never older. Used by one thread at a time.
///
/// @param <R> what a row is compared by: of one version there is one row
public final class NewestRows<R> {
  private record Newest<R>(long version, R row) {}

  private final Map<String, Newest<R>> rows = new HashMap<>();

  /// Whether a row whose MAC holds is the newest, or newer than all that was believed.
  public boolean accepts(String id, long version, R row) {
    var newest = rows.get(id);
    return newest == null
        || version > newest.version()
        || (version == newest.version() && row.equals(newest.row()));
  }

  /// Believes a row that is accepted; false when it is not.
  public boolean admit(String id, long version, R row) {
    if (!accepts(id, version, row)) {
      return false;
    }
    rows.put(id, new Newest<>(version, row));
    return true;
  }

  /// The newest version believed; 0 when there was none.
  public long version(String id) {
    var newest = rows.get(id);
    return newest == null ? 0 : newest.version();
  }

  /// The ids of rows that were believed and are gone.
  public Set<String> missingAmong(Collection<String> present) {
    var missing = new HashSet<>(rows.keySet());
    missing.removeAll(present);
    return missing;
  }
}
