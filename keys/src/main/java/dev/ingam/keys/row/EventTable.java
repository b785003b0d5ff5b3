package dev.ingam.keys.row;

import dev.ingam.wire.Event;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The events of one schema, in its table `event`: gap-free numbers, written in the transaction of
/// the change they tell of. The number comes from the locked row of `event_head`, so writers of one
/// schema queue from their first event until they commit.
public final class EventTable {
  private static final Pattern SCHEMA = Pattern.compile("[a-z][a-z_]{0,30}");

  private final JdbcClient database;
  private final String schema;
  private final Clock clock;
  private final String next;
  private final String insert;
  private final String select;

  /// @param database whose current transaction `append` joins
  /// @param schema which has the tables `event` and `event_head` as in the migrations of `keys`
  public EventTable(JdbcClient database, String schema, Clock clock) {
    if (!SCHEMA.matcher(schema).matches()) {
      throw new IllegalArgumentException("expected a schema of ours, came " + schema);
    }
    this.database = database;
    this.schema = schema;
    this.clock = clock;
    this.next = "UPDATE " + schema + ".event_head SET seq = seq + 1 RETURNING seq";
    this.insert =
        "INSERT INTO "
            + schema
            + ".event (seq, at, type, actor, body, canonical)"
            + " VALUES (?, ?, ?, ?, jsonb_object(?::text[], ?::text[]), ?)";
    this.select =
        "SELECT e.seq, e.at, e.type, e.actor, b.key, b.value FROM (SELECT * FROM "
            + schema
            + ".event WHERE seq > ? ORDER BY seq LIMIT ?) e"
            + " LEFT JOIN LATERAL jsonb_each_text(e.body) b ON true ORDER BY e.seq, b.key";
  }

  /// Writes the next event and answers its number. Inside the caller's transaction: it exists if
  /// and only if that commits.
  public long append(String type, String actor, Map<String, String> body) {
    long seq = database.sql(next).query(Long.class).single();
    var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var event = new Event(schema, seq, at, type, actor, new TreeMap<>(body));
    var names = event.body().keySet().toArray(String[]::new);
    var values = event.body().values().toArray(String[]::new);
    database
        .sql(insert)
        .params(seq, at.atOffset(ZoneOffset.UTC), type, actor, names, values, event.canonical())
        .update();
    return seq;
  }

  /// At most `limit` events behind number `seq`, in order.
  public List<Event> after(long seq, int limit) {
    var events = new ArrayList<Event>();
    database
        .sql(select)
        .params(seq, limit)
        .query(row -> {
          collect(row, events);
        });
    return events;
  }

  /// Rows of one event follow each other, one per member of its body.
  private void collect(ResultSet row, List<Event> events) throws SQLException {
    long seq = row.getLong("seq");
    SortedMap<String, String> body = new TreeMap<>();
    if (!events.isEmpty() && events.getLast().seq() == seq) {
      body.putAll(events.removeLast().body());
    }
    var name = row.getString("key");
    if (name != null) {
      body.put(name, row.getString("value"));
    }
    var at = row.getObject("at", OffsetDateTime.class).toInstant();
    events.add(new Event(schema, seq, at, row.getString("type"), row.getString("actor"), body));
  }
}
