package dev.ingam.issuance.watermark;

import dev.ingam.issuance.ledger.IssuanceException;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.Recall;
import dev.ingam.keys.row.SetTable;
import dev.ingam.wire.Watermark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/// The watermarks in force as the database keeps them: rows, the set that names them, and the
/// events of their changes, which are one transaction each.
final class WatermarkStore {
  private final WatermarkTable table;
  private final TransactionTemplate transactions;
  private final EventTable events;
  private final Recall recall;

  WatermarkStore(Watermarks.Storage storage) {
    table = new WatermarkTable(storage.database(), storage.macs());
    transactions = storage.transactions();
    events = storage.events();
    recall = storage.recall();
  }

  /// What is in force.
  ///
  /// @param set null before the first watermark
  /// @param rows those that the set names, oldest first
  record Found(SetTable.@Nullable Row set, List<WatermarkTable.Row> rows) {
    long version() {
      return set == null ? 0 : set.version();
    }
  }

  /// What is in force; null when it is not what we wrote. Before the first watermark there is no
  /// set; who ever made one has one, and no row or session knows of a later set.
  @Nullable Found find() {
    return transactions.execute(status -> {
      var set = table.set().find().orElse(null);
      if (set == null) {
        return table.highestVersion() == 0 && !table.everHadAny()
            ? new Found(null, List.of())
            : null;
      }
      var named = table.set().isIntact(set) ? InForce.read(set.members()) : null;
      return named == null || table.highestVersion() > set.version()
          ? null
          : found(set, named, table.find(named.keySet()));
    });
  }

  /// As above; while the database is behind, what this node remembers if that is newer.
  @Nullable Found findNewest() {
    var stored = find();
    var remembered = recall.isBehind() ? remembered() : null;
    return remembered != null && (stored == null || remembered.version() > stored.version())
        ? remembered
        : stored;
  }

  @Nullable Found remembered() {
    var set = table.set().of(recall).orElse(null);
    if (set == null || !table.set().isIntact(set)) {
      return null;
    }
    var named = InForce.read(set.members());
    return named == null ? null : found(set, named, table.of(recall));
  }

  private @Nullable Found found(
      SetTable.Row set, Map<Long, String> named, Map<Long, WatermarkTable.Row> rows) {
    var found = new ArrayList<WatermarkTable.Row>();
    for (var each : named.entrySet()) {
      var row = rows.get(each.getKey());
      if (row == null || !row.mac().equals(each.getValue()) || !table.isIntact(row)) {
        return null;
      }
      found.add(row);
    }
    return new Found(set, found);
  }

  /// Whether the database has the set and the rows that are in force.
  boolean holds(InForce inForce) {
    var found = table.set().find().orElse(null);
    var ids = inForce.members().stream().map(each -> each.mark().id()).toList();
    return inForce.isIn(found, table.find(ids));
  }

  /// The row that a mark is kept as.
  WatermarkTable.Row signed(Mark mark) {
    return table.signed(mark);
  }

  /// A version that nothing in the database knows of.
  long freshVersion() {
    var set = table.set().find().filter(table.set()::isIntact).map(SetTable.Row::version);
    return Math.max(table.highestVersion(), set.orElse(0L)) + 1;
  }

  /// Adds the last of these rows, and answers the set that names them all.
  SetTable.Row add(Mark mark, List<WatermarkTable.Row> rows) {
    return Objects.requireNonNull(
        transactions.execute(status -> {
          requireOurs(mark.id());
          table.write(rows.getLast(), mark);
          events.append("watermark_made", mark.actor(), body(mark));
          return table.set().write(mark.id(), InForce.text(rows));
        }));
  }

  private void requireOurs(long next) {
    var found = table.set().locked();
    if (found.isPresent() && found.get().version() >= next && table.set().isIntact(found.get())) {
      throw new IssuanceException(
          IssuanceException.Kind.ALREADY_SERVED,
          "expected to be the only process that makes watermarks, another one did; ask that one");
    }
  }

  /// Without a subject: events outlive persons.
  private static Map<String, String> body(Mark mark) {
    var body = new TreeMap<String, String>();
    body.put("watermark", Long.toString(mark.id()));
    body.put("target", mark.target().wireName());
    if (mark.target() == Watermark.Target.KEY) {
      body.put("kid", mark.value());
    } else if (mark.target() == Watermark.Target.CLIENT) {
      body.put("client", mark.value());
    }
    var until = mark.issuedUntil();
    body.put("before", until == null ? "now" : "iat " + until);
    body.put("why", mark.reason());
    return body;
  }

  /// Writes again what is in force, and answers its set.
  SetTable.Row restore(InForce inForce, long version) {
    return Objects.requireNonNull(
        transactions.execute(status -> {
          table.set().locked();
          inForce.members().forEach(each -> table.write(each.row(), each.mark()));
          events.append("watermarks_restored", "clock", Map.of("version", Long.toString(version)));
          return table.set().write(version, InForce.text(inForce.rows()));
        }));
  }

  /// The newest rows, history too, newest first.
  List<WatermarkTable.Row> newest(int limit) {
    return table.newest(limit);
  }

  boolean isIntact(WatermarkTable.Row row) {
    return table.isIntact(row);
  }
}
