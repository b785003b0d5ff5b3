package dev.ingam.issuance.audience;

import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.RowMac;
import dev.ingam.keys.row.SetTable;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/// The audiences that have a policy of their own. Asked in memory, which follows the database on
/// each change made here and each second; changes are durable when they return.
///
/// A row that somebody else wrote is no policy, and an audience whose row was changed or deleted is
/// in doubt: the default does not take over. One row with a MAC ([AudienceSet]) names all
/// audiences; when that row itself is not ours, or is older than this process has seen it, every
/// audience is in doubt.
public final class Audiences {
  private static final Logger LOG = LoggerFactory.getLogger(Audiences.class);
  private static final int MOST = 1_000;

  /// What audiences are kept with.
  public record Storage(
      JdbcClient database, TransactionTemplate transactions, RowMac macs, EventTable events) {}

  /// What came of giving an audience a policy.
  public enum Outcome {
    DONE,
    /// Its policy is not in the version that was read.
    CHANGED_MEANWHILE,
    /// The installation has no key set of that name for access tokens.
    NO_SUCH_KEY_SET,
    /// Its row, or the set of audiences, is not ours: what is left of it must be deleted first.
    IN_DOUBT,
    /// There are as many as there can be.
    TOO_MANY
  }

  /// A policy as it stands.
  public record Kept(Audience audience, long version) {}

  private final AudienceStore store;
  private final TransactionTemplate transactions;
  private final TransactionTemplate oneMoment;
  private final EventTable events;
  private final Set<String> keySets;
  private final Clock clock;
  private final Instant started;
  private final ReentrantLock refreshing = new ReentrantLock();

  /// Replaced whole under [#refreshing].
  private volatile AudienceTable table = AudienceTable.EMPTY;

  /// Reads all audiences.
  ///
  /// @param keySets that sign access tokens
  public Audiences(Storage storage, Set<String> keySets, Clock clock) {
    this.clock = clock;
    this.started = clock.instant();
    this.keySets = Set.copyOf(keySets);
    this.store = new AudienceStore(storage.database(), storage.macs());
    this.transactions = storage.transactions();
    this.oneMoment = oneMoment(storage.transactions());
    this.events = storage.events();
    refresh();
  }

  private static TransactionTemplate oneMoment(TransactionTemplate like) {
    var template = new TransactionTemplate(Objects.requireNonNull(like.getTransactionManager()));
    template.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    template.setReadOnly(true);
    return template;
  }

  /// What holds for this audience.
  public AudienceMatch find(String audience) {
    return table.match(audience);
  }

  /// All policies by name.
  public List<Kept> list() {
    return table.sound().values().stream()
        .map(sound -> new Kept(sound.audience(), sound.row().version()))
        .sorted(Comparator.comparing(kept -> kept.audience().name()))
        .toList();
  }

  /// Audiences whose rows somebody else wrote, changed or deleted, and since when; all that have a
  /// row when the set is not ours.
  public Map<String, Instant> broken() {
    return table.broken();
  }

  /// Since when the set of audiences is not ours, so that every audience is in doubt.
  public Optional<Instant> setBrokenSince() {
    return Optional.ofNullable(table.setBroken());
  }

  /// Policies that name a key set which this installation does not have any more, and since when:
  /// the start, since no such policy is taken later.
  public Map<Audience, Instant> withoutKeySet() {
    return list().stream()
        .map(Kept::audience)
        .filter(audience -> !keySets.contains(audience.keySet()))
        .collect(Collectors.toUnmodifiableMap(audience -> audience, audience -> started));
  }

  /// Gives an audience this policy.
  ///
  /// @param version of the policy that it replaces, as it was read; null when it has none
  public Outcome set(Audience audience, @Nullable Long version, String actor) {
    if (!keySets.contains(audience.keySet())) {
      return Outcome.NO_SUCH_KEY_SET;
    }
    var outcome = transactions.execute(status -> write(audience, version, actor));
    refresh();
    return Objects.requireNonNull(outcome);
  }

  private Outcome write(Audience audience, @Nullable Long version, String actor) {
    var ours = ours(store.lockedSet());
    var rows = store.all();
    if (ours == null && !rows.isEmpty()) {
      return Outcome.IN_DOUBT;
    }
    var set = ours == null ? AudienceSet.anew(table.set().version()) : ours;
    var now = table.next(set, rows, this::intact, clock.instant());
    var there = rows.stream().anyMatch(row -> row.name().equals(audience.name()));
    if (there && now.broken().containsKey(audience.name())) {
      return Outcome.IN_DOUBT;
    }
    var before = now.sound().get(audience.name());
    if (!Objects.equals(version, before == null ? null : before.row().version())) {
      return Outcome.CHANGED_MEANWHILE;
    }
    if (before == null && set.macs().size() >= MOST) {
      return Outcome.TOO_MANY;
    }
    var row = store.signed(AudienceRow.of(audience, set.next()));
    store.write(row);
    store.write(set.with(row));
    events.append("audience_set", actor, body(audience, before));
    return Outcome.DONE;
  }

  /// Deletes a policy, a broken or missing one too: the default holds from now on. False when there
  /// is none of that name.
  public boolean delete(String audience, String actor) {
    var deleted =
        transactions.execute(status -> {
          var set = ours(store.lockedSet());
          var gone = store.remove(audience);
          if (set != null && set.macs().containsKey(audience)) {
            store.write(set.without(audience));
          } else if (!gone) {
            return false;
          }
          events.append("audience_deleted", actor, Map.of("audience", audience));
          return true;
        });
    refresh();
    return Boolean.TRUE.equals(deleted);
  }

  /// The set as it stands in the database, or null when it is not ours or an older one.
  private @Nullable AudienceSet ours(SetTable.@Nullable Row row) {
    var set = row == null ? absentSet() : store.intact(row);
    return set == null || set.version() < table.set().version() ? null : set;
  }

  /// Before the first policy there is no row; who ever had one had a row.
  private @Nullable AudienceSet absentSet() {
    return store.count() == 0 && !store.everHadAudiences() ? AudienceSet.NONE : null;
  }

  private static Map<String, String> body(Audience audience, AudienceTable.@Nullable Sound before) {
    var body = Map.of("audience", audience.name(), "key_set", audience.keySet());
    if (before == null) {
      return body;
    }
    var more = new TreeMap<>(body);
    more.put("key_set_before", before.audience().keySet());
    return more;
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

  private static void report(AudienceTable before, AudienceTable now) {
    for (var name : now.broken().keySet()) {
      if (!before.broken().containsKey(name)) {
        LOG.atError()
            .addKeyValue("audience", name)
            .log("An audience was changed in the database; it gets no token");
      }
    }
    if (now.setBroken() != null && before.setBroken() == null) {
      LOG.atError().log("The set of audiences was changed in the database; none gets a token");
    }
  }

  private @Nullable Audience intact(AudienceRow row) {
    return store.isIntact(row) ? row.audience() : null;
  }
}
