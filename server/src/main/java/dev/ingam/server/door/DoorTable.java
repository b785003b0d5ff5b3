package dev.ingam.server.door;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which door stands at which path of which listener. What is not in it is not served there.
public final class DoorTable {
  private final Map<ListenerName, Map<String, DoorRow>> rows = new EnumMap<>(ListenerName.class);

  public DoorTable(List<DoorRow> rows) {
    for (var listener : ListenerName.values()) {
      this.rows.put(listener, new HashMap<>());
    }
    for (var row : rows) {
      for (var listener : row.listeners()) {
        if (of(listener).put(row.path(), row) != null) {
          throw new IllegalArgumentException(row.path() + " stands twice in the table of doors");
        }
      }
    }
  }

  /// The row of exactly this path, else the one that stands for all below it.
  @Nullable DoorRow find(ListenerName listener, String path) {
    var exact = of(listener).get(path);
    var first = exact == null ? path.indexOf('/', 1) : -1;
    return first < 0 ? exact : of(listener).get(path.substring(0, first + 1));
  }

  /// The paths that a listener serves.
  public Set<String> paths(ListenerName listener) {
    return Set.copyOf(of(listener).keySet());
  }

  private Map<String, DoorRow> of(ListenerName listener) {
    var found = rows.get(listener);
    if (found == null) {
      throw new IllegalStateException("no table for " + listener);
    }
    return found;
  }
}
