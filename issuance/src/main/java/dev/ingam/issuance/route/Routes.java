package dev.ingam.issuance.route;

import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.RowMac;
import dev.ingam.keys.row.SetTable;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/// The routes of the gate. Matched in memory, which follows the database on each change made here
/// and each second; changes are durable when they return.
///
/// Of several that match, the most specific path wins (literal before `*` before `**`, from the
/// left), then the one that names the method. A row that somebody else wrote is no route, and where
/// a route of ours was changed or deleted the request is in doubt: nothing wider takes over. One
/// row with a MAC ([RouteSet]) names all routes; when that row itself is not ours, or is older than
/// this process has seen it, every request is in doubt.
public final class Routes {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

  /// What routes are kept with.
  public record Storage(
      JdbcClient database, TransactionTemplate transactions, RowMac macs, EventTable events) {}

  /// What came of adding a route.
  public enum Added {
    ADDED,
    /// There is one of that id, or of that method and path.
    EXISTS,
    /// The set of routes is not ours: what is left of it must be removed first.
    IN_DOUBT,
    /// It is one of personal data, and its audience's trust level is lowered.
    AUDIENCE_LOWERED
  }

  private final RouteStore store;
  private final TransactionTemplate transactions;
  private final TransactionTemplate oneMoment;
  private final EventTable events;
  private final LoweredAudiences lowered;
  private final Clock clock;
  private final ReentrantLock refreshing = new ReentrantLock();

  /// Replaced whole under [#refreshing].
  private volatile RouteTable table = RouteTable.EMPTY;

  /// Reads all routes.
  public Routes(Storage storage, LoweredAudiences lowered, Clock clock) {
    this.clock = clock;
    this.lowered = lowered;
    this.store = new RouteStore(storage.database(), storage.macs());
    this.transactions = storage.transactions();
    this.oneMoment = oneMoment(storage.transactions());
    this.events = storage.events();
    refresh();
  }

  private static TransactionTemplate oneMoment(TransactionTemplate like) {
    var manager = like.getTransactionManager();
    if (manager == null) {
      throw new IllegalArgumentException("expected transactions with a manager");
    }
    var template = new TransactionTemplate(manager);
    template.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    template.setReadOnly(true);
    return template;
  }

  /// What holds for this request.
  public RouteMatch match(String method, CanonicalPath path) {
    return table.match(method, path);
  }

  /// Whether personal data may be served for tokens of this audience: a route of it says so, or
  /// none names it, or nobody can tell because routes were changed in the database.
  public boolean servesPersonalData(String audience) {
    var now = table;
    return now.maySayPersonal(audience)
        || now.claims().stream()
            .map(RouteTable.Claim::route)
            .noneMatch(route -> route != null && route.audience().equals(audience));
  }

  /// Whether a route of personal data names this audience, or nobody can tell because routes were
  /// changed in the database.
  public boolean mayServePersonalData(String audience) {
    return table.maySayPersonal(audience);
  }

  /// The same, as the database has it in the transaction that asks.
  public boolean isPersonal(String audience) {
    return table
        .next(ours(store.set()), store.all(), this::intact, clock.instant())
        .maySayPersonal(audience);
  }

  /// All routes in the order in which they are tried.
  public List<Route> list() {
    return table.claims().stream().map(RouteTable.Claim::route).filter(Objects::nonNull).toList();
  }

  /// Ids of routes whose rows somebody else wrote, changed or deleted, and since when: no routes.
  public Map<String, Instant> broken() {
    return table.broken();
  }

  /// Since when the set of routes is not ours, so that every request is in doubt.
  public Optional<Instant> setBrokenSince() {
    return Optional.ofNullable(table.setBroken());
  }

  /// Adds a route.
  public Added add(Route route, String actor) {
    var added = transactions.execute(status -> add(route, store.signed(RouteRow.of(route)), actor));
    if (added == Added.ADDED) {
      refresh();
    }
    return Objects.requireNonNull(added);
  }

  /// The audiences are locked before the routes, as by who lowers a trust level: one of the two
  /// sees what the other wrote.
  private Added add(Route route, RouteRow row, String actor) {
    if (route.dataClass() == DataClass.PERSONAL && lowered.isLowered(route.audience())) {
      return Added.AUDIENCE_LOWERED;
    }
    var set = ours(store.lockedSet());
    if (set == null && store.count() > 0) {
      return Added.IN_DOUBT;
    }
    if (!store.add(row)) {
      return Added.EXISTS;
    }
    store.write((set == null ? RouteSet.anew(table.set().version()) : set).with(row));
    events.append("route_added", actor, body(route));
    return Added.ADDED;
  }

  /// Removes a route, a broken or missing one too; false when there is none of that id.
  public boolean remove(String id, String actor) {
    var removed =
        transactions.execute(status -> {
          var set = ours(store.lockedSet());
          var gone = store.remove(id);
          if (set != null && set.members().containsKey(id)) {
            store.write(set.without(id));
          } else if (!gone) {
            return false;
          }
          events.append("route_removed", actor, Map.of("route", id));
          return true;
        });
    refresh();
    return Boolean.TRUE.equals(removed);
  }

  /// The set as it stands in the database, or null when it is not ours or an older one.
  private @Nullable RouteSet ours(SetTable.@Nullable Row row) {
    var set = row == null ? absentSet() : store.intact(row);
    return set == null || set.version() < table.set().version() ? null : set;
  }

  /// Before the first route there is no row; who ever had a route had one.
  private @Nullable RouteSet absentSet() {
    return store.count() == 0 && !store.everHadRoutes() ? RouteSet.NONE : null;
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
        "clients", Boolean.toString(route.clientsAllowed()),
        "bound", Boolean.toString(route.boundOnly()));
  }

  /// Follows the database. Called each second.
  public void refresh() {
    refreshing.lock();
    try {
      var before = table;
      var now =
          Objects.requireNonNull(
              oneMoment.execute(status ->
                  before.next(ours(store.set()), store.all(), this::intact, clock.instant())));
      report(before, now);
      table = now;
    } finally {
      refreshing.unlock();
    }
  }

  private static void report(RouteTable before, RouteTable now) {
    for (var id : now.broken().keySet()) {
      if (!before.broken().containsKey(id)) {
        LOG.atError()
            .addKeyValue("route", id)
            .log("A route was changed in the database; what it held is refused");
      }
    }
    if (now.setBroken() != null && before.setBroken() == null) {
      LOG.atError().log("The set of routes was changed in the database; the gate refuses all");
    }
  }

  private @Nullable Route intact(RouteRow row) {
    return store.isIntact(row) ? row.route() : null;
  }
}
