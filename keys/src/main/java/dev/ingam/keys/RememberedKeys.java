package dev.ingam.keys;

import dev.ingam.keys.row.GuardedRow;
import dev.ingam.wire.KeyState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which of two rows of a key or a domain holds when the database is behind: the one under which
/// less is honoured, and of two alike the later one.
final class RememberedKeys {

  private RememberedKeys() {}

  /// Compares a remembered row with the one that is stored.
  interface Rule {
    boolean wins(GuardedRow remembered, @Nullable GuardedRow stored);
  }

  static boolean keyWins(GuardedRow remembered, @Nullable GuardedRow stored) {
    return wins(remembered, stored, row -> severity(state(row)));
  }

  static boolean domainWins(GuardedRow remembered, @Nullable GuardedRow stored) {
    return wins(remembered, stored, row -> role(row) == DomainRole.CONDEMNED ? 1 : 0);
  }

  /// What holds, by these rows.
  static List<GuardedRow> merged(List<GuardedRow> stored, List<GuardedRow> remembered, Rule rule) {
    var rows = new HashMap<String, GuardedRow>();
    stored.forEach(row -> rows.put(row.id(), row));
    remembered.stream()
        .filter(row -> rule.wins(row, rows.get(row.id())))
        .toList()
        .forEach(row -> rows.put(row.id(), row));
    return new ArrayList<>(rows.values());
  }

  private interface Severity {
    int of(GuardedRow row);
  }

  private static boolean wins(
      GuardedRow remembered, @Nullable GuardedRow stored, Severity severity) {
    if (!remembered.holds()) {
      return false;
    }
    if (stored == null || !stored.holds()) {
      return true;
    }
    int by = Integer.compare(severity.of(remembered), severity.of(stored));
    return by > 0 || (by == 0 && remembered.version() > stored.version());
  }

  private static int severity(KeyState state) {
    return switch (state) {
      case PREPARED -> 0;
      case ACTIVE -> 1;
      case RETIRING -> 2;
      case TAINTED -> 3;
      case RETIRED -> 4;
      case DESTROYED -> 5;
      case REVOKED -> 6;
    };
  }

  static KeyState state(GuardedRow row) {
    return Columns.key(row).state();
  }

  static DomainRole role(GuardedRow row) {
    return Columns.domain(row).role();
  }
}
