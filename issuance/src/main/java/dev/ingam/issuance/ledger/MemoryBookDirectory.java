package dev.ingam.issuance.ledger;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// A directory in memory, for measuring and for tests: it is gone with the process.
public final class MemoryBookDirectory implements BookDirectory {
  private final ConcurrentMap<Integer, BookRow> rows = new ConcurrentHashMap<>();

  @Override
  public Books books() {
    var highest = new HashMap<String, Long>();
    rows.values().forEach(row -> highest.merge(row.node(), row.generation(), Math::max));
    var live =
        rows.values().stream()
            .filter(row -> row.state() != BookRow.State.DROPPED)
            .sorted(Comparator.comparing(BookRow::node).thenComparingLong(BookRow::generation))
            .toList();
    return new Books(live, List.of(), Map.copyOf(highest));
  }

  @Override
  public boolean add(BookRow row) {
    return rows.putIfAbsent(row.number(), row) == null;
  }

  @Override
  public boolean change(BookRow row) {
    var before = rows.get(row.number());
    return before != null
        && before.version() + 1 == row.version()
        && rows.replace(row.number(), before, row);
  }
}
