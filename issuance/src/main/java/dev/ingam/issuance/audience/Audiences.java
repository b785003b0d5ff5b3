package dev.ingam.issuance.audience;

import dev.ingam.issuance.route.DataClass;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.RowMac;
import dev.ingam.keys.row.SetTable;
import dev.ingam.wire.LedgerState;
import dev.ingam.wire.TrustLevel;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
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

  /// What policies are held against.
  ///
  /// @param keySets that sign access tokens
  /// @param usual the one of them that signs for audiences without a policy
  /// @param personal whether a route of personal data names an audience, or nobody can tell, as the
  ///   database has it in the transaction that asks
  public record Surroundings(Set<String> keySets, String usual, Predicate<String> personal) {
    public Surroundings {
      keySets = Set.copyOf(keySets);
    }
  }

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
    TOO_MANY,
    /// As many have a lowered trust level as can have one at a time.
    TOO_MANY_LOWERED,
    /// A route of personal data names it, or nobody can tell: its trust level is not lowered.
    PERSONAL_ROUTE,
    /// Its trust level is lowered: it does not become one of personal data.
    LOWERED
  }

  /// A policy as it stands.
  public record Kept(Audience audience, long version) {}

  private final AudienceStore store;
  private final TransactionTemplate transactions;
  private final TransactionTemplate oneMoment;
  private final EventTable events;
  private final Surroundings around;
  private final Clock clock;
  private final Instant started;
  private final ReentrantLock refreshing = new ReentrantLock();

  /// Replaced whole under [#refreshing].
  private volatile AudienceTable table = AudienceTable.EMPTY;

  /// Reads all audiences.
  public Audiences(Storage storage, Surroundings around, Clock clock) {
    this.clock = clock;
    this.started = clock.instant();
    this.around = around;
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
        .filter(audience -> !around.keySets().contains(audience.keySet()))
        .collect(Collectors.toUnmodifiableMap(audience -> audience, audience -> started));
  }

  /// The policy that a change makes of the one that stands, and the version of that; null when
  /// there is none.
  ///
  /// @throws IllegalArgumentException when it is none, with a message for the operator
  public Planned plan(AudienceChange change) {
    var known = table.sound().get(change.name());
    var before = known == null ? null : known.audience();
    return new Planned(change.over(before, around.usual(), clock.instant()), before);
  }

  /// A policy that is not set yet.
  ///
  /// @param before the one that stands; null when there is none
  public record Planned(Audience audience, @Nullable Audience before) {}

  /// Why this policy cannot be set now, as far as can be told before; [Outcome#DONE] when it can.
  public Outcome check(Audience audience) {
    if (!around.keySets().contains(audience.keySet())) {
      return Outcome.NO_SUCH_KEY_SET;
    }
    var now = table;
    return conflict(audience, now.sound().get(audience.name()), now);
  }

  /// Gives an audience this policy.
  ///
  /// @param version of the policy that it replaces, as it was read; null when it has none
  public Outcome set(Audience audience, @Nullable Long version, String actor) {
    if (!around.keySets().contains(audience.keySet())) {
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
    var conflict = conflict(audience, before, now);
    if (conflict != Outcome.DONE) {
      return conflict;
    }
    var row = store.signed(AudienceRow.of(audience, set.next()));
    store.write(row);
    store.write(set.with(row));
    events.append("audience_set", actor, body(audience, before));
    return Outcome.DONE;
  }

  /// A lowered level and personal data exclude each other.
  private Outcome conflict(
      Audience audience, AudienceTable.@Nullable Sound before, AudienceTable table) {
    var now = clock.instant();
    if (audience.dataClass() == DataClass.PERSONAL
        && before != null
        && before.audience().isLowered(now)) {
      return Outcome.LOWERED;
    }
    if (!audience.isLowered(now)) {
      return Outcome.DONE;
    }
    if (around.personal().test(audience.name())) {
      return Outcome.PERSONAL_ROUTE;
    }
    var others =
        table.sound().values().stream()
            .map(AudienceTable.Sound::audience)
            .filter(each -> !each.name().equals(audience.name()) && each.isLowered(now))
            .count();
    return others >= LedgerState.MAX_LOWERED ? Outcome.TOO_MANY_LOWERED : Outcome.DONE;
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
    var body = new TreeMap<String, String>();
    body.put("audience", audience.name());
    body.put("key_set", audience.keySet());
    body.put("data_class", audience.dataClass().name().toLowerCase(Locale.ROOT));
    body.put("trust", trust(audience));
    var lowered = audience.lowered();
    if (lowered != null) {
      body.put("trust_until", lowered.until().toString());
      body.put("why", lowered.reason());
    }
    if (before != null) {
      body.put("key_set_before", before.audience().keySet());
      body.put("trust_before", trust(before.audience()));
    }
    return body;
  }

  private static String trust(Audience audience) {
    var lowered = audience.lowered();
    return (lowered == null ? TrustLevel.REQUIRED : lowered.level()).wireName();
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
