package dev.ingam.issuance.route;

import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.RowMac;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// The routes of the gate. Matched in memory, which follows the database on each change made here
/// and each second; changes are durable when they return.
///
/// Of several that match, the most specific path wins (literal before `*` before `**`, from the
/// left), then the one that names the method. A row whose MAC fails does not exist: what it let
/// through is then unmatched, and so held to the strictest class.
public final class Routes {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
  private static final Comparator<Route> ORDER =
      Comparator.comparing(Route::path, PathPattern.MOST_SPECIFIC_FIRST)
          .thenComparing(route -> route.method().equals("*"))
          .thenComparing(Route::id);

  private record Entry(RouteRow row, Route route) {}

  private record Snapshot(List<Entry> entries, Map<String, Instant> broken) {
    @Nullable Entry find(RouteRow row) {
      for (var entry : entries) {
        if (entry.row().equals(row)) {
          return entry;
        }
      }
      return null;
    }
  }

  /// What routes are kept with.
  public record Storage(
      JdbcClient database, TransactionTemplate transactions, RowMac macs, EventTable events) {}

  /// What came of adding a route.
  public enum Added {
    ADDED,
    /// There is one of that id, or of that method and path.
    EXISTS
  }

  private final RouteStore store;
  private final TransactionTemplate transactions;
  private final EventTable events;
  private final Clock clock;
  private final ReentrantLock refreshing = new ReentrantLock();

  /// Replaced whole under [#refreshing].
  private volatile Snapshot snapshot = new Snapshot(List.of(), Map.of());

  /// Reads all routes.
  public Routes(Storage storage, Clock clock) {
    this.clock = clock;
    this.store = new RouteStore(storage.database(), storage.macs());
    this.transactions = storage.transactions();
    this.events = storage.events();
    refresh();
  }

  /// The route of this request; empty means that the strictest class holds.
  public Optional<Route> match(String method, CanonicalPath path) {
    for (var entry : snapshot.entries()) {
      if (entry.route().matches(method, path)) {
        return Optional.of(entry.route());
      }
    }
    return Optional.empty();
  }

  /// All routes in the order in which they are tried.
  public List<Route> list() {
    return snapshot.entries().stream().map(Entry::route).toList();
  }

  /// Ids of rows that somebody else wrote, and since when: no routes.
  public Map<String, Instant> broken() {
    return snapshot.broken();
  }

  /// Adds a route.
  public Added add(Route route, String actor) {
    var row = RouteRow.of(route);
    var added =
        transactions.execute(status -> {
          if (!store.add(row)) {
            return false;
          }
          events.append("route_added", actor, body(route));
          return true;
        });
    if (!Boolean.TRUE.equals(added)) {
      return Added.EXISTS;
    }
    refresh();
    return Added.ADDED;
  }

  /// Removes a route, a broken row too; false when there is none of that id.
  public boolean remove(String id, String actor) {
    var removed =
        transactions.execute(status -> {
          if (!store.remove(id)) {
            return false;
          }
          events.append("route_removed", actor, Map.of("route", id));
          return true;
        });
    refresh();
    return Boolean.TRUE.equals(removed);
  }

  private static Map<String, String> body(Route route) {
    return Map.of(
        "route", route.id(),
        "method", route.method(),
        "path", route.path().toString(),
        "audience", route.audience(),
        "scopes", String.join(" ", new TreeSet<>(route.scopes())),
        "data_class", route.dataClass().name().toLowerCase(java.util.Locale.ROOT),
        "single_use", Boolean.toString(route.singleUse()),
        "clients", Boolean.toString(route.clientsAllowed()));
  }

  /// Follows the database. Called each second.
  public void refresh() {
    refreshing.lock();
    try {
      var before = snapshot;
      var entries = new ArrayList<Entry>();
      var broken = new HashMap<String, Instant>();
      for (var row : store.all()) {
        var entry = before.find(row);
        var found = entry == null ? intact(row) : entry;
        if (found == null) {
          broken.put(row.id(), before.broken().getOrDefault(row.id(), clock.instant()));
        } else {
          entries.add(found);
        }
      }
      entries.sort(Comparator.comparing(Entry::route, ORDER));
      report(before.broken(), broken);
      snapshot = new Snapshot(List.copyOf(entries), Map.copyOf(broken));
    } finally {
      refreshing.unlock();
    }
  }

  private static void report(Map<String, Instant> before, Map<String, Instant> now) {
    for (var id : now.keySet()) {
      if (!before.containsKey(id)) {
        LOG.atError()
            .addKeyValue("route", id)
            .log("A route's row was not written by this authority; it is ignored");
      }
    }
  }

  private @Nullable Entry intact(RouteRow row) {
    if (!store.isIntact(row)) {
      return null;
    }
    var route = row.route();
    return route == null ? null : new Entry(row, route);
  }
}
