package dev.ingam.issuance.ledger;

import dev.ingam.issuance.ledger.IssuanceException.Kind;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.GuardedRow;
import dev.ingam.keys.row.GuardedTable;
import dev.ingam.keys.row.GuardedTable.Column;
import dev.ingam.keys.row.Recall;
import dev.ingam.keys.row.RowMac;
import dev.ingam.wire.Base64Url;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/// The directory in the table `issuance.book`; each change with its event in one transaction.
public final class PostgresBookDirectory implements BookDirectory {
  private static final String TABLE = "issuance.book";
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("node"),
          Column.number("generation"),
          Column.time("created"),
          Column.text("boot"),
          Column.text("wrapped_key"),
          Column.number("slots"),
          Column.text("state"),
          Column.number("count"),
          Column.text("root"),
          Column.time("last_expiry"));

  private final TransactionTemplate transactions;
  private final EventTable events;
  private final GuardedTable table;
  private final Recall recall;

  /// @param events those of the schema `issuance`
  public PostgresBookDirectory(
      TransactionTemplate transactions, JdbcClient database, EventTable events, RowMac mac) {
    this(transactions, database, events, mac, Recall.NONE);
  }

  /// @param recall while the database is behind, books that it does not know are known by this
  public PostgresBookDirectory(
      TransactionTemplate transactions,
      JdbcClient database,
      EventTable events,
      RowMac mac,
      Recall recall) {
    this.transactions = transactions;
    this.events = events;
    this.recall = recall;
    table = new GuardedTable(database, mac, TABLE, "number", COLUMNS);
  }

  @Override
  public Books books() {
    return answered(() -> {
      var live = new ArrayList<BookRow>();
      var refused = new ArrayList<Integer>();
      var highest = new HashMap<String, Long>();
      for (GuardedRow stored : rows()) {
        var row = stored.holds() ? row(stored) : null;
        if (row == null) {
          refused.add(Integer.parseUnsignedInt(stored.id(), 16));
          continue;
        }
        highest.merge(row.node(), row.generation(), Math::max);
        if (row.state() != BookRow.State.DROPPED) {
          live.add(row);
        }
      }
      live.sort(Comparator.comparing(BookRow::node).thenComparingLong(BookRow::generation));
      return new Books(live, refused, highest);
    });
  }

  private Collection<GuardedRow> rows() {
    var rows = new LinkedHashMap<String, GuardedRow>();
    table.all().forEach(row -> rows.put(row.id(), row));
    if (recall.isBehind()) {
      table.of(recall).stream()
          .filter(row -> isLater(row, rows.get(row.id())))
          .toList()
          .forEach(row -> rows.put(row.id(), row));
    }
    return rows.values();
  }

  /// Whether a remembered row takes the place of the stored one.
  private static boolean isLater(GuardedRow remembered, @Nullable GuardedRow stored) {
    return remembered.holds()
        && (stored == null || !stored.holds() || remembered.version() > stored.version());
  }

  /// The books that are remembered and not stored as such: by number, with the state that is
  /// stored.
  public Map<String, String> missing(Recall remembered) {
    var stored = new HashMap<String, GuardedRow>();
    table.all().forEach(row -> stored.put(row.id(), row));
    var missing = new LinkedHashMap<String, String>();
    for (var row : table.of(remembered)) {
      var before = stored.get(row.id());
      if (isLater(row, before)) {
        var known = before == null ? null : row(before);
        missing.put(
            row.id(), known == null ? "unknown" : known.state().name().toLowerCase(Locale.ROOT));
      }
    }
    return missing;
  }

  @Override
  public boolean add(BookRow row) {
    try {
      return changed(
          "book_opened",
          row,
          () -> {
            table.insert(BookRow.name(row.number()), values(row));
            return true;
          });
    } catch (DuplicateKeyException e) {
      return false;
    }
  }

  @Override
  public boolean change(BookRow row) {
    var type = row.state() == BookRow.State.SEALED ? "book_sealed" : "book_dropped";
    return changed(
        type, row, () -> table.update(BookRow.name(row.number()), row.version() - 1, values(row)));
  }

  private boolean changed(String type, BookRow row, Supplier<Boolean> change) {
    return answered(() ->
        Boolean.TRUE.equals(
            transactions.execute(status -> {
              boolean done = change.get();
              if (done) {
                events.append(type, "system", body(row));
              }
              return done;
            })));
  }

  private static Map<String, String> body(BookRow row) {
    var body = new HashMap<String, String>();
    body.put("book", BookRow.name(row.number()));
    body.put("node", row.node());
    body.put("generation", Long.toString(row.generation()));
    byte[] root = row.root();
    if (root != null) {
      body.put("count", Integer.toString(row.count()));
      body.put("root", Base64Url.encode(root));
    }
    return body;
  }

  private static List<@Nullable String> values(BookRow row) {
    byte[] root = row.root();
    var lastExpiry = row.lastExpiry();
    var values = new ArrayList<@Nullable String>();
    values.add(row.node());
    values.add(Long.toString(row.generation()));
    values.add(row.created().toString());
    values.add(row.boot());
    values.add(Base64Url.encode(row.wrappedKey()));
    values.add(Integer.toString(row.slots()));
    values.add(row.state().name().toLowerCase(Locale.ROOT));
    values.add(Integer.toString(row.count()));
    values.add(root == null ? null : Base64Url.encode(root));
    values.add(lastExpiry == null ? null : lastExpiry.toString());
    return values;
  }

  /// Null when a column holds what no book has, MAC or not.
  private static @Nullable BookRow row(GuardedRow stored) {
    var values = stored.columns().iterator();
    try {
      return new BookRow(
          Integer.parseUnsignedInt(stored.id(), 16),
          Objects.requireNonNull(values.next()),
          Long.parseLong(values.next()),
          Instant.parse(Objects.requireNonNull(values.next())),
          Objects.requireNonNull(values.next()),
          Objects.requireNonNull(Base64Url.decode(Objects.requireNonNull(values.next()))),
          Integer.parseInt(values.next()),
          BookRow.State.valueOf(Objects.requireNonNull(values.next()).toUpperCase(Locale.ROOT)),
          Integer.parseInt(values.next()),
          bytes(values.next()),
          time(values.next()),
          stored.version());
    } catch (IllegalArgumentException | NullPointerException | DateTimeParseException e) {
      return null;
    }
  }

  private static byte @Nullable [] bytes(@Nullable String value) {
    return value == null ? null : Objects.requireNonNull(Base64Url.decode(value));
  }

  private static @Nullable Instant time(@Nullable String value) {
    return value == null ? null : Instant.parse(value);
  }

  private static <T> T answered(Supplier<T> question) {
    try {
      return question.get();
    } catch (DuplicateKeyException e) {
      throw e;
    } catch (DataAccessException | TransactionException e) {
      throw new IssuanceException(
          Kind.DATABASE_UNAVAILABLE,
          "expected the database to answer for the book directory, it did not; see that it runs",
          e);
    }
  }
}
