package dev.ingam.keys;

import dev.ingam.keys.disk.JsonTree;
import dev.ingam.keys.disk.SecretFiles;
import dev.ingam.keys.row.MacKey;
import dev.ingam.keys.row.Recall;
import dev.ingam.keys.row.RowCopies;
import dev.ingam.wire.Base64Url;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/// The node's memory of its database, in the file `node-memory.json` beside the secrets.
///
/// **Behind** is decided by the events alone. Every change of state writes one, gap-free, in its
/// transaction; so a database whose last event is older than the one remembered, or that has
/// another event in its place, is not the one that this node worked with: an older one, or an older
/// one that went on. The rows are remembered for what follows from that.
public final class NodeMemory implements Recall {
  private static final Logger LOG = LoggerFactory.getLogger(NodeMemory.class);
  private static final String FILE = "node-memory.json";
  private static final String FORMAT = "ingam-node-memory-1";
  private static final String CONTEXT = "ingam node memory 1";

  private final Path file;
  private final SecretFiles files;
  private final MacKey key;
  private final JdbcClient database;
  private final TransactionTemplate snapshot;
  private final Tables tables;
  private final Clock clock;
  private final ReentrantLock keeping = new ReentrantLock();

  /// Replaced whole under [#keeping].
  private volatile Content content;

  private volatile @Nullable Instant behindSince;

  /// What is remembered.
  ///
  /// @param schemas whose events tell of every change
  /// @param rows of which tables
  /// @param generation SQL for the highest generation of a book
  public record Tables(List<String> schemas, List<RowCopies> rows, String generation) {
    public Tables {
      schemas = List.copyOf(schemas);
      rows = List.copyOf(rows);
    }
  }

  /// @param heads of each schema: the number of its last event, and that event's digest
  /// @param rows of each table
  private record Content(Map<String, String> heads, Map<String, String> rows, long generation) {
    static final Content NOTHING = new Content(Map.of(), Map.of(), 0);
  }

  /// Reads what is remembered; nothing before the first start that keeps something.
  ///
  /// @param database connects as `ingam_server`
  /// @throws KeysException INSTALLATION_DAMAGED when the file is not what was written
  public NodeMemory(
      Path secretsDir,
      SecretFiles files,
      MacKey key,
      DataSource database,
      Tables tables,
      Clock clock) {
    this.file = secretsDir.resolve(FILE);
    this.files = files;
    this.key = key;
    this.database = JdbcClient.create(database);
    this.snapshot = new TransactionTemplate(new JdbcTransactionManager(database));
    snapshot.setReadOnly(true);
    snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    this.tables = tables;
    this.clock = clock;
    this.content = Files.exists(file) ? read() : Content.NOTHING;
  }

  @Override
  public boolean isBehind() {
    return behindSince != null;
  }

  @Override
  public String rows(String table) {
    return content.rows().getOrDefault(table, "[]");
  }

  @Override
  public long generation() {
    return content.generation();
  }

  @Override
  public void keep() {
    keeping.lock();
    try {
      if (behindSince == null) {
        var found = snapshot.execute(_ -> isOlder() ? null : look());
        if (found == null) {
          raise();
        } else if (!found.equals(content)) {
          write(found);
        }
      }
    } finally {
      keeping.unlock();
    }
  }

  /// Takes the database for the right one as it is now, whatever was remembered.
  public void adopt() {
    keeping.lock();
    try {
      var found = snapshot.execute(_ -> look());
      if (found != null) {
        write(found);
      }
      behindSince = null;
    } finally {
      keeping.unlock();
    }
  }

  /// That the database is behind.
  public List<Alarm> alarms() {
    var since = behindSince;
    return since == null
        ? List.of()
        : List.of(
            new Alarm(
                "database_behind",
                since,
                "The database is older than what this node remembers of it: nothing is issued.",
                "Put the newest database back; or stop the server, ingam recover --dry-run, and recover."));
  }

  private void raise() {
    behindSince = clock.instant();
    LOG.atError()
        .addKeyValue("code", "database_behind")
        .log(
            "The database is older than what this node remembers; nothing is issued. See: ingam recover");
  }

  private boolean isOlder() {
    return content.heads().entrySet().stream()
        .anyMatch(head -> !head.getValue().equals(eventAt(head.getKey(), number(head.getValue()))));
  }

  private static long number(String head) {
    return Long.parseLong(head.substring(0, head.indexOf(' ')));
  }

  /// The event of this number with its digest; empty when there is none.
  private String eventAt(String schema, long seq) {
    return database
        .sql(
            "SELECT h || ' ' || coalesce((SELECT encode(sha256(canonical), 'hex') FROM "
                + schema
                + ".event WHERE seq = h), '') FROM (SELECT least(seq, ?) AS h FROM "
                + schema
                + ".event_head)")
        .param(seq)
        .query(String.class)
        .optional()
        .orElse("");
  }

  private Content look() {
    var heads = new TreeMap<String, String>();
    tables.schemas().forEach(schema -> heads.put(schema, eventAt(schema, Long.MAX_VALUE)));
    var rows = new TreeMap<String, String>();
    tables.rows().forEach(table -> rows.put(table.table(), table.read(database)));
    long found = database.sql(tables.generation()).query(Long.class).single();
    return new Content(heads, rows, Math.max(found, content.generation()));
  }

  private void write(Content found) {
    var members = new LinkedHashMap<String, Object>();
    members.put("heads", new LinkedHashMap<>(found.heads()));
    members.put("rows", new LinkedHashMap<>(found.rows()));
    members.put("generation", found.generation());
    var text = new String(JsonTree.write(members), StandardCharsets.UTF_8);
    var whole = new LinkedHashMap<String, Object>();
    whole.put("format", FORMAT);
    whole.put("mac", Base64Url.encode(mac(text)));
    whole.put("content", text);
    files.write(file, JsonTree.write(whole));
    content = found;
  }

  private Content read() {
    try {
      var whole = JsonTree.read(files.read(file));
      var text = whole.text("content");
      var mac = Base64Url.decode(whole.text("mac"));
      if (!whole.text("format").equals(FORMAT)
          || mac == null
          || !MessageDigest.isEqual(mac, mac(text))) {
        throw new IllegalArgumentException("expected what this installation wrote");
      }
      var tree = JsonTree.read(text.getBytes(StandardCharsets.UTF_8));
      return new Content(
          texts(tree.object("heads")), texts(tree.object("rows")), tree.number("generation"));
    } catch (IllegalArgumentException e) {
      throw new KeysException(
          KeysException.Code.INSTALLATION_DAMAGED,
          file
              + " cannot be used: "
              + e.getMessage()
              + "; put its newest copy back. Without it an older database goes unseen: whoever deletes it"
              + " looks through the keys himself",
          e);
    }
  }

  private static Map<String, String> texts(JsonTree tree) {
    var texts = new TreeMap<String, String>();
    new ArrayList<>(tree.members().keySet()).forEach(name -> texts.put(name, tree.text(name)));
    return texts;
  }

  private byte[] mac(String text) {
    return key.mac(CONTEXT, text.getBytes(StandardCharsets.UTF_8));
  }
}
