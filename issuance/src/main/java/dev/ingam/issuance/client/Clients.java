package dev.ingam.issuance.client;

import dev.ingam.issuance.client.ClientAuthentication.ClientSecret;
import dev.ingam.issuance.client.ClientChange.Changed;
import dev.ingam.issuance.client.ClientChange.Exists;
import dev.ingam.issuance.client.ClientChange.Invalid;
import dev.ingam.issuance.client.ClientChange.NotFound;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.NewestRows;
import dev.ingam.keys.row.RowMac;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// The clients of the authority. Look-ups are answered from memory, which follows the database on
/// each change made here and each second; changes are durable when they return.
///
/// A row whose MAC fails, or that is older than this process has seen it, does not exist: [#find]
/// does not know it, [#broken()] names it, as it does one that is gone.
public final class Clients {
  private static final Logger LOG = LoggerFactory.getLogger(Clients.class);
  private static final String SECRET_CONTEXT = "client-secret";
  private static final byte[] NO_HASH = new byte[32];

  private record Entry(ClientRow row, Client client, byte @Nullable [] secretHash) {}

  /// @param certified ids by what their certificates are known by; two for one are nobody
  private record Snapshot(
      Map<String, Entry> entries,
      Map<String, Instant> broken,
      Map<String, List<String>> certified) {}

  /// What the clients are kept with.
  public record Storage(
      JdbcClient database,
      TransactionTemplate transactions,
      RowMac macs,
      EventTable events,
      SealingKeys sealing) {}

  private final ClientStore store;
  private final TransactionTemplate transactions;
  private final EventTable events;
  private final SealingKeys sealing;
  private final SecureRandom random;
  private final Clock clock;
  private final ReentrantLock refreshing = new ReentrantLock();

  /// Owned by [#refreshing].
  private final NewestRows<ClientRow> newest = new NewestRows<>();

  /// Replaced whole under [#refreshing].
  private volatile Snapshot snapshot = new Snapshot(Map.of(), Map.of(), Map.of());

  /// Reads all clients.
  public Clients(Storage storage, SecureRandom random, Clock clock) {
    this.clock = clock;
    this.store = new ClientStore(storage.database(), storage.macs());
    this.transactions = storage.transactions();
    this.events = storage.events();
    this.sealing = storage.sealing();
    this.random = random;
    refresh();
  }

  /// The client of this id, disabled ones too.
  public Optional<Client> find(String id) {
    return Optional.ofNullable(snapshot.entries().get(id)).map(Entry::client);
  }

  /// All clients by id.
  public List<Client> list() {
    return snapshot.entries().values().stream()
        .map(Entry::client)
        .sorted(Comparator.comparing(Client::id))
        .toList();
  }

  /// Ids of rows that somebody else wrote, put back or deleted, and since when: no clients.
  public Map<String, Instant> broken() {
    return snapshot.broken();
  }

  /// The enabled client with this secret. Takes the same time whether the id or the secret is
  /// wrong.
  public Optional<Client> authenticate(String id, String secret) {
    var given = hash(id, secret);
    var entry = snapshot.entries().get(id);
    var expected = entry == null ? null : entry.secretHash();
    var equal = MessageDigest.isEqual(expected == null ? NO_HASH : expected, given);
    return equal && entry != null && expected != null && entry.client().enabled()
        ? Optional.of(entry.client())
        : Optional.empty();
  }

  /// The enabled client that this certificate is registered for. One that fits two clients is
  /// nobody's.
  public Optional<Client> identify(PresentedCertificate certificate) {
    var now = snapshot;
    var ids = new HashSet<String>();
    for (var text : certificate.registrations()) {
      ids.addAll(now.certified().getOrDefault(text, List.of()));
    }
    return ids.size() == 1 ? enabled(now.entries().get(ids.iterator().next())) : Optional.empty();
  }

  private static Optional<Client> enabled(@Nullable Entry entry) {
    return Optional.ofNullable(entry).map(Entry::client).filter(Client::enabled);
  }

  private static Map<String, List<String>> certified(Map<String, Entry> entries) {
    var certified = new HashMap<String, List<String>>();
    for (var entry : entries.values()) {
      for (var text : entry.client().authentication().certificates()) {
        certified.computeIfAbsent(text, _ -> new ArrayList<>()).add(entry.client().id());
      }
    }
    return Map.copyOf(certified);
  }

  /// All that is wrong with what an operator says, what only the other clients show too.
  private List<String> problems(ClientSettings settings) {
    var problems = new ArrayList<>(settings.problems());
    var certified = snapshot.certified();
    for (var text : settings.authentication().certificates()) {
      for (var other : certified.getOrDefault(text, List.of())) {
        if (!other.equals(settings.id())) {
          problems.add(
              "certificate: expected one that no other client has; it is that of " + other);
        }
      }
    }
    return problems;
  }

  private byte[] hash(String id, String secret) {
    return sealing.mac(SECRET_CONTEXT, (id + "\n" + secret).getBytes(StandardCharsets.UTF_8));
  }

  /// Makes a client; one with a secret gets it in the answer. Where a row of that id was deleted by
  /// hand the new one begins behind its last version.
  public ClientChange create(ClientSettings settings, String actor) {
    var problems = problems(settings);
    if (!problems.isEmpty()) {
      return new Invalid(problems);
    }
    var client = Client.of(settings, true, lastVersion(settings.id()) + 1);
    var secret = settings.authentication() instanceof ClientSecret ? NewSecret.make(random) : null;
    var hash = secret == null ? null : hash(client.id(), secret.reveal());
    var row = store.signed(ClientRow.of(client, hash));
    var added =
        transactions.execute(status -> {
          if (!store.add(row)) {
            return false;
          }
          append("client_created", client, actor);
          return true;
        });
    if (!Boolean.TRUE.equals(added)) {
      return new Exists();
    }
    return done(row, new Change(client, secret));
  }

  private long lastVersion(String id) {
    refreshing.lock();
    try {
      return newest.version(id);
    } finally {
      refreshing.unlock();
    }
  }

  /// Replaces what an operator said about a client. A change from keys to a secret makes one.
  public ClientChange update(ClientSettings settings, String actor) {
    var problems = problems(settings);
    if (!problems.isEmpty()) {
      return new Invalid(problems);
    }
    return change(
        settings.id(),
        "client_changed",
        actor,
        before -> {
          var client = Client.of(settings, before.client().enabled(), before.row().version() + 1);
          var needsSecret =
              settings.authentication() instanceof ClientSecret && before.secretHash() == null;
          return new Change(client, needsSecret ? NewSecret.make(random) : null);
        });
  }

  /// Stops a client: no token from now on, and its caller tokens are refused.
  public ClientChange disable(String id, String actor) {
    return change(id, "client_disabled", actor, before -> withEnabled(before, false));
  }

  /// Lets a stopped client work again.
  public ClientChange enable(String id, String actor) {
    return change(id, "client_enabled", actor, before -> withEnabled(before, true));
  }

  /// Replaces the secret; the one before is worth nothing at once.
  public ClientChange rotateSecret(String id, String actor) {
    var known = snapshot.entries().get(id);
    if (known != null && !(known.client().authentication() instanceof ClientSecret)) {
      return new Invalid(
          List.of("authentication: expected a client with a secret, this one has none"));
    }
    return change(
        id,
        "client_secret_rotated",
        actor,
        before -> {
          var client = withEnabled(before, before.client().enabled()).client();
          var hasSecret = client.authentication() instanceof ClientSecret;
          return new Change(client, hasSecret ? NewSecret.make(random) : null);
        });
  }

  private record Change(Client client, @Nullable NewSecret secret) {}

  /// What the client becomes, given what it is.
  private interface Changing {
    Change apply(Entry before);
  }

  private static Change withEnabled(Entry before, boolean enabled) {
    return new Change(
        Client.of(before.client().settings(), enabled, before.row().version() + 1), null);
  }

  private ClientChange change(String id, String type, String actor, Changing changing) {
    record Written(ClientRow row, Change change) {}
    var written =
        transactions.execute(status -> {
          var before = store.lock(id).map(this::newestOfOurs).orElse(null);
          if (before == null) {
            return null;
          }
          var change = changing.apply(before);
          return new Written(write(before, change, type, actor), change);
        });
    return written == null ? new NotFound() : done(written.row(), written.change());
  }

  private @Nullable Entry newestOfOurs(ClientRow row) {
    refreshing.lock();
    try {
      return newest.accepts(row.id(), row.version(), row) ? intact(row) : null;
    } finally {
      refreshing.unlock();
    }
  }

  private ClientRow write(Entry before, Change change, String type, String actor) {
    var client = change.client();
    byte[] secretHash = null;
    if (client.authentication() instanceof ClientSecret) {
      secretHash =
          change.secret() == null
              ? before.secretHash()
              : hash(client.id(), change.secret().reveal());
    }
    var row = store.signed(ClientRow.of(client, secretHash));
    if (!store.change(row)) {
      throw new IllegalStateException("expected the locked row to be of the version read");
    }
    append(type, client, actor);
    return row;
  }

  /// What was committed is the newest from now on, whatever the database shows next.
  private ClientChange done(ClientRow row, Change change) {
    refreshing.lock();
    try {
      newest.admit(row.id(), row.version(), row);
      refresh();
    } finally {
      refreshing.unlock();
    }
    return new Changed(change.client(), change.secret());
  }

  private void append(String type, Client client, String actor) {
    events.append(
        type,
        actor,
        Map.of(
            "client", client.id(),
            "version", Long.toString(client.version()),
            "enabled", Boolean.toString(client.enabled()),
            "rights", ClientRow.of(client, null).rights()));
  }

  /// Follows the database. Called each second; what did not change is not checked again.
  public void refresh() {
    refreshing.lock();
    try {
      var before = snapshot;
      var entries = new HashMap<String, Entry>();
      var broken = new HashMap<String, Instant>();
      var suspect = new HashSet<String>();
      var rows = store.all();
      for (var row : rows) {
        var entry = believed(row, before.entries().get(row.id()));
        if (entry == null) {
          suspect.add(row.id());
        } else {
          entries.put(row.id(), entry);
        }
      }
      suspect.addAll(newest.missingAmong(rows.stream().map(ClientRow::id).toList()));
      suspect.forEach(id -> broken.put(id, before.broken().getOrDefault(id, clock.instant())));
      report(before.broken(), broken);
      snapshot = new Snapshot(Map.copyOf(entries), Map.copyOf(broken), certified(entries));
    } finally {
      refreshing.unlock();
    }
  }

  private static void report(Map<String, Instant> before, Map<String, Instant> now) {
    for (var id : now.keySet()) {
      if (!before.containsKey(id)) {
        LOG.atError()
            .addKeyValue("client", id)
            .log("A client was changed, put back or deleted in the database; it is ignored");
      }
    }
  }

  private @Nullable Entry believed(ClientRow row, @Nullable Entry known) {
    var entry = known != null && known.row().equals(row) ? known : intact(row);
    return entry != null && newest.admit(row.id(), row.version(), row) ? entry : null;
  }

  private @Nullable Entry intact(ClientRow row) {
    if (!store.isIntact(row)) {
      return null;
    }
    var client = row.client();
    return client == null
        ? null
        : new Entry(row, Objects.requireNonNull(client), row.secretHashBytes());
  }
}
