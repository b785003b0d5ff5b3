package dev.ingam.keys;

import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.GuardedRow;
import dev.ingam.keys.row.GuardedTable;
import dev.ingam.keys.row.NewestRows;
import dev.ingam.keys.row.Recall;
import dev.ingam.keys.row.RowMac;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Keys, domains and policies in PostgreSQL. Every change is one conditional write with its event
/// in the same transaction; transactions of several processes queue at one advisory lock. Used by
/// one thread at a time.
final class KeyTables {
  private static final long LOCK = 0x696e67616d01L;
  private static final String KEY = "signing_key";
  private static final String DOMAIN = "custody_domain";
  private static final String SET = "key_set";
  private static final String ACKNOWLEDGEMENT = "acknowledgement";
  private static final String BIRTH = "key_birth";

  private final JdbcClient database;
  private final TransactionTemplate transactions;
  private final SealingKeys sealing;
  private final Recall recall;
  private final GuardedTable keys;
  private final GuardedTable domains;
  private final GuardedTable sets;
  private final GuardedTable acknowledgements;
  private final GuardedTable births;
  private final EventTable events;
  private final NewestRows<List<@Nullable String>> newest = new NewestRows<>();
  private long transactionCount;

  KeyTables(DataSource source, SealingKeys sealing, Recall recall, Clock clock) {
    this.database = JdbcClient.create(source);
    this.transactions = new TransactionTemplate(new JdbcTransactionManager(source));
    this.sealing = sealing;
    this.recall = recall;
    var mac = new RowMac(sealing);
    this.keys = new GuardedTable(database, mac, table(KEY), "kid", Columns.KEY);
    this.domains = new GuardedTable(database, mac, table(DOMAIN), "name", Columns.DOMAIN);
    this.sets = new GuardedTable(database, mac, table(SET), "name", Columns.SET);
    this.acknowledgements =
        new GuardedTable(database, mac, table(ACKNOWLEDGEMENT), "id", Columns.ACKNOWLEDGEMENT);
    this.births = new GuardedTable(database, mac, table(BIRTH), "kid", Columns.BIRTH);
    this.events = new EventTable(database, KeysSchema.NAME, clock);
  }

  /// Makes the database ours, or checks that it is.
  ///
  /// @param empty whether this installation has no key yet, so that an empty database is right
  void claim(boolean empty) {
    DatabaseClaim.of(database, sealing).make(empty);
  }

  /// Whether the database is older than what is remembered of it: then nothing is to be changed.
  boolean isBehind() {
    return recall.isBehind();
  }

  /// Reads everything; marks rows that do not hold as refused, with an event each. While the
  /// database is behind what is remembered holds too, and nothing is marked.
  Inventory load() {
    var refused = new HashSet<String>();
    var keyRows = keys.all();
    var domainRows = domains.all();
    if (isBehind()) {
      keyRows = RememberedKeys.merged(keyRows, keys.of(recall), RememberedKeys::keyWins);
      domainRows =
          RememberedKeys.merged(domainRows, domains.of(recall), RememberedKeys::domainWins);
    }
    var soundKeys = sound(keys, KEY, keyRows, refused, Columns::key);
    var soundDomains = sound(domains, DOMAIN, domainRows, refused, Columns::domain);
    sound(sets, SET, sets.all(), refused, GuardedRow::id);
    var acknowledged =
        sound(
            acknowledgements,
            ACKNOWLEDGEMENT,
            acknowledgements.all(),
            refused,
            Columns::acknowledged);
    var papers = new HashMap<String, KeyPapers>();
    sound(births, BIRTH, births.all(), refused, Columns::papers)
        .forEach(each -> papers.put(each.getKey(), each.getValue()));
    var present = new HashSet<String>();
    keyRows.forEach(row -> present.add(KEY + " " + row.id()));
    domainRows.forEach(row -> present.add(DOMAIN + " " + row.id()));
    var missing = newest.missingAmong(present);
    missing.removeIf(row -> !row.startsWith(KEY + " ") && !row.startsWith(DOMAIN + " "));
    var names = new HashSet<String>();
    domainRows.forEach(row -> names.add(row.id()));
    return new Inventory(
        soundKeys, soundDomains, papers, refused, missing, names, new HashSet<>(acknowledged));
  }

  /// Runs reads and changes of the caller in one transaction with what is done here.
  JdbcClient database() {
    return database;
  }

  GuardedTable keys() {
    return keys;
  }

  GuardedTable domains() {
    return domains;
  }

  EventTable events() {
    return events;
  }

  /// Grows with each transaction of this process, also one that breaks off.
  long transactionCount() {
    return transactionCount;
  }

  /// Runs changes together: all are durable when it returns, or none is made.
  ///
  /// @throws KeysException DATABASE_BEHIND
  void together(Runnable changes) {
    if (isBehind()) {
      throw new KeysException(
          KeysException.Code.DATABASE_BEHIND,
          "expected the newest database, it is older than what this node remembers; stop the"
              + " server, ingam recover, and start it");
    }
    transactionCount++;
    transactions.executeWithoutResult(_ -> {
      database.sql("SELECT pg_advisory_xact_lock(?)").param(LOCK).query(row -> {});
      changes.run();
    });
  }

  /// Writes a new key, and what its birth certificate is to say.
  void add(KeyRow key, KeyOrigin origin, KeyPolicy policy, String actor) {
    keys.insert(key.kid(), Columns.of(key));
    var more = Map.of("reserve", String.valueOf(key.reserve()));
    long event = events.append("key.prepared", actor, body(key, more));
    births.insert(key.kid(), Columns.of(new KeyPapers(origin, policy, event)));
  }

  /// Writes the next version of a key.
  ///
  /// @throws KeysException CHANGED_MEANWHILE when the row is no longer in the version before
  void change(KeyRow key, String event, String actor, Map<String, String> more) {
    if (!keys.update(key.kid(), key.version() - 1, Columns.of(key))) {
      throw changed("key " + key.kid());
    }
    events.append(event, actor, body(key, more));
  }

  void add(DomainRow domain, String actor) {
    domains.insert(domain.name(), Columns.of(domain));
    events.append("domain.made", actor, body(domain));
  }

  /// Writes the next version of a domain.
  ///
  /// @throws KeysException CHANGED_MEANWHILE when the row is no longer in the version before
  void change(DomainRow domain, String event, String actor) {
    if (!domains.update(domain.name(), domain.version() - 1, Columns.of(domain))) {
      throw changed("domain " + domain.name());
    }
    events.append(event, actor, body(domain));
  }

  /// Writes that the condemnation of this domain was taken up.
  void add(Acknowledgement acknowledgement, String kid) {
    acknowledgements.insert(acknowledgement.id(), Columns.of(acknowledgement));
    events.append(
        "domain.acknowledged",
        acknowledgement.actor(),
        Map.of("domain", acknowledgement.domain(), "kid", kid, "why", acknowledgement.why()));
  }

  /// Records the policy of a set when it is another one than before. A row that does not hold stays
  /// as it is: evidence.
  void configure(KeySetConfig set, String actor) {
    var columns = Columns.of(set);
    var before =
        sets.all().stream().filter(row -> row.id().equals(set.name())).findFirst().orElse(null);
    if (before != null && before.holds() && before.columns().equals(columns)) {
      return;
    }
    if (before == null) {
      sets.insert(set.name(), columns);
    } else if (!before.holds() || !sets.update(set.name(), before.version(), columns)) {
      return;
    }
    var body = new TreeMap<String, String>(Map.of("set", set.name()));
    for (int i = 0; i < columns.size(); i++) {
      body.put(Columns.SET.get(i).name(), "" + columns.get(i));
    }
    events.append("key_set.configured", actor, body);
  }

  /// Signatures of each key, over all processes.
  Map<String, Long> signatures() {
    var counts = new HashMap<String, Long>();
    database
        .sql("SELECT kid, sum(signatures) AS total FROM keys.signature_count GROUP BY kid")
        .query(row -> {
          counts.put(row.getString("kid"), row.getLong("total"));
        });
    return counts;
  }

  /// Writes down what changed no row.
  void note(String event, String actor, Map<String, String> body) {
    events.append(event, actor, body);
  }

  /// Records how many signatures this process made with a key so far.
  void count(String kid, String process, long signatures) {
    database
        .sql(
            """
            INSERT INTO keys.signature_count (kid, process, signatures) VALUES (?, ?, ?)
            ON CONFLICT (kid, process) DO UPDATE SET signatures = EXCLUDED.signatures
            """)
        .params(kid, process, signatures)
        .update();
  }

  private <T> List<T> sound(
      GuardedTable table,
      String name,
      List<GuardedRow> rows,
      Set<String> refused,
      Function<GuardedRow, T> read) {
    var sound = new ArrayList<T>();
    for (var row : rows) {
      var id = name + " " + row.id();
      if (row.holds() && newest.admit(id, row.version(), row.columns())) {
        sound.add(read.apply(row));
      } else {
        refused.add(id);
        if (!row.refused() && !isBehind()) {
          together(() -> refuse(table, name, row.id()));
        }
      }
    }
    return sound;
  }

  private void refuse(GuardedTable table, String name, String id) {
    if (table.refuse(id)) {
      events.append("row_mac_failed", "clock", Map.of("table", table(name), "id", id));
    }
  }

  private static Map<String, String> body(KeyRow key, Map<String, String> more) {
    var body = new TreeMap<>(more);
    body.put("kid", key.kid());
    body.put("set", key.birth().set());
    body.put("domain", key.birth().domain());
    body.put("state", key.state().wireName());
    body.put("version", String.valueOf(key.version()));
    var why = key.why();
    if (why != null) {
      body.put("why", why);
    }
    return body;
  }

  private static Map<String, String> body(DomainRow domain) {
    var body = new TreeMap<String, String>();
    body.put("domain", domain.name());
    body.put("role", domain.role().wireName());
    body.put("version", String.valueOf(domain.version()));
    var verdict = domain.verdict();
    if (verdict != null) {
      body.put("kid", verdict.byKid());
      body.put("cause", verdict.cause());
      body.put("due_at", verdict.dueAt().toString());
      body.put("compromised", String.valueOf(verdict.compromised()));
      body.put("tainted", String.join(" ", verdict.taintedKids()));
      body.put("active", String.join(" ", verdict.newKids()));
    }
    return body;
  }

  private static String table(String name) {
    return KeysSchema.NAME + "." + name;
  }

  private static KeysException changed(String what) {
    return new KeysException(
        KeysException.Code.CHANGED_MEANWHILE,
        what + " was changed by another process at the same time; look again and repeat");
  }
}
