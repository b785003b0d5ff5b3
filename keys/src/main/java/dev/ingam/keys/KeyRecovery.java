package dev.ingam.keys;

import dev.ingam.keys.row.GuardedRow;
import dev.ingam.keys.row.GuardedTable;
import dev.ingam.keys.row.Recall;
import dev.ingam.keys.row.RowChange;
import dev.ingam.keys.row.RowCopies;
import dev.ingam.wire.KeyState;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;

/// Brings the rows of keys in line with what is on this node, while no server runs on them.
public final class KeyRecovery {
  private static final String ACTOR = "recover";

  private final KeyTables tables;
  private final Clock clock;

  /// @param database connects as `ingam_server`
  public KeyRecovery(DataSource database, SealingKeys sealing, Clock clock) {
    this.tables = new KeyTables(database, sealing, Recall.NONE, clock);
    this.clock = clock;
  }

  /// @throws KeysException FOREIGN_DATABASE when the rows are not of this installation
  public void requireOurs() {
    tables.claim(false);
  }

  /// What would be written for the database to know again what is remembered: domains and keys, the
  /// state under which less is honoured.
  public List<RowChange> changes(Recall recall) {
    var changes = new ArrayList<RowChange>();
    // Condemned before signing before reserve, and active keys last: there is one of each.
    changes.addAll(
        changes(
            KeysSchema.DOMAINS,
            tables.domains(),
            recall,
            RememberedKeys::domainWins,
            row -> RememberedKeys.role(row).wireName(),
            Comparator.comparingInt(row -> order(RememberedKeys.role(row)))));
    changes.addAll(
        changes(
            KeysSchema.KEYS,
            tables.keys(),
            recall,
            RememberedKeys::keyWins,
            row -> RememberedKeys.state(row).wireName(),
            Comparator.comparing(row -> RememberedKeys.state(row) == KeyState.ACTIVE)));
    return changes;
  }

  /// Writes one change with its event, in the caller's transaction.
  public void write(RowChange change) {
    change.table().write(tables.database(), change.row());
    tables.events().append("key.recovered", ACTOR, change.body());
  }

  private static int order(DomainRole role) {
    return switch (role) {
      case CONDEMNED -> 0;
      case SIGNING -> 1;
      case SPARE -> 2;
      case RESERVE -> 3;
    };
  }

  private List<RowChange> changes(
      RowCopies copies,
      GuardedTable table,
      Recall recall,
      RememberedKeys.Rule rule,
      Function<GuardedRow, String> state,
      Comparator<GuardedRow> order) {
    var stored = new HashMap<String, GuardedRow>();
    table.all().forEach(row -> stored.put(row.id(), row));
    var texts = copies.byId(tables.database(), recall.rows(copies.table()));
    return table.of(recall).stream()
        .filter(row -> rule.wins(row, stored.get(row.id())))
        .sorted(order)
        .map(row -> {
          var before = stored.get(row.id());
          return new RowChange(
              copies,
              row.id(),
              before == null ? RowChange.UNKNOWN : before.holds() ? state.apply(before) : "refused",
              state.apply(row),
              texts.getOrDefault(row.id(), ""));
        })
        .toList();
  }

  /// A new epoch begins, and with new keys: those that signed retire, those that waited are
  /// withdrawn; the next start makes others. So no key signs in two epochs, and a token of an epoch
  /// that a restored installation has never heard of is one of a key that it has never heard of:
  /// refused, and no proof. Joins the caller's transaction.
  public void endSigning() {
    tables.together(() -> tables.load().keys().forEach(this::end));
  }

  private void end(KeyRow key) {
    var move =
        switch (key.state()) {
          case ACTIVE -> KeyMove.RETIRE;
          case PREPARED -> KeyMove.WITHDRAW;
          case RETIRING, RETIRED, DESTROYED, TAINTED, REVOKED -> null;
        };
    if (move != null) {
      var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      var moved = key.move(move, now).because("a new epoch begins");
      tables.change(moved, move.event(), ACTOR, Map.of());
    }
  }

  /// After a restore: no backup holds a private half. Every domain that may bear keys gets a store,
  /// where it has none. What an HSM still holds the next start destroys: a restore may yet be taken
  /// back, a destroyed key not. Once signing has ended.
  public void withoutPrivateHalves(SigningStores stores) {
    var inventory = tables.load();
    for (var domain : inventory.domains()) {
      if (domain.role() != DomainRole.CONDEMNED) {
        stores.create(domain.name());
      }
    }
    tables.together(() ->
        inventory.keys().stream()
            .filter(KeyRow::privateHalf)
            .map(KeyRow::withoutPrivateHalf)
            .forEach(key -> tables.change(key, "key.private_half_destroyed", ACTOR, Map.of())));
  }
}
