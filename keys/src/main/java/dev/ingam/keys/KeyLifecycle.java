package dev.ingam.keys;

import dev.ingam.keys.row.Recall;
import dev.ingam.wire.KeyState;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// The life of signing keys: one state machine in PostgreSQL, driven by the clock ([#runDue]), by
/// people and by theft proofs ([#condemn]).
///
/// Every change is a conditional write with its event in one transaction, and is idempotent: what
/// is already so is answered as it is. A move that the life cycle does not have is a
/// [KeysException] with the reason. Safe to call concurrently; calls that change something queue.
public final class KeyLifecycle implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeyLifecycle.class);
  private static final int MOST_WAITING = 12;

  private final List<KeySetConfig> sets;
  private final Recall recall;
  private final Keyring keyring;
  private final KeyRoom room;
  private final Rotation rotation;
  private final Emergency emergency;
  private final Acknowledgements acknowledgements;
  private final MasterKeys masterKeys;
  private final AlarmBoard board = new AlarmBoard();
  private final Watch watch = new Watch(board);
  private volatile List<KeyView> seen = List.of();
  private final KeyLock lock = new KeyLock();
  private final String process = UUID.randomUUID().toString();
  // Both are guarded by lock.
  private final Map<String, Long> recorded = new HashMap<>();
  private final Set<String> failing = new HashSet<>();

  /// @param database connects as `ingam_server`
  /// @param recall while the database is behind it nothing is changed
  /// @throws KeysException CONFIGURATION, with every problem of the sets
  public KeyLifecycle(
      DataSource database,
      SigningStores stores,
      SealingKeys sealing,
      List<KeySetConfig> sets,
      Recall recall,
      Clocks clocks) {
    var problems = KeySetConfig.problems(sets);
    if (!problems.isEmpty()) {
      throw new KeysException(
          KeysException.Code.CONFIGURATION,
          "the key sets cannot be used as configured:\n- " + String.join("\n- ", problems));
    }
    this.sets = List.copyOf(sets);
    this.recall = recall;
    this.keyring = new Keyring(clocks);
    this.room =
        new KeyRoom(
            new KeyTables(database, sealing, recall, clocks.wall()),
            new Custody(stores, new Cryptoperiods(clocks)),
            keyring,
            clocks);
    this.rotation = new Rotation(room);
    this.emergency = new Emergency(room, this.sets);
    this.acknowledgements = new Acknowledgements(room, lock);
    this.masterKeys = new MasterKeys(room, lock);
  }

  /// The keys for the hot path; empty before `start`.
  public Keyring keyring() {
    return keyring;
  }

  /// The key sets as configured.
  public List<KeySetConfig> sets() {
    return sets;
  }

  /// Loads and checks everything, takes up what a broken-off process left, makes the first keys.
  /// Any problem stops it, with nothing damaged.
  public void start() {
    locked(() -> {
      var tables = room.tables();
      tables.claim(room.custody().domains().isEmpty());
      if (recall.isBehind()) {
        room.publish();
        return keyring;
      }
      room.custody().check(tables.load());
      sets.forEach(set -> tables.together(() -> tables.configure(set, "start")));
      rotation.underPolicy(sets);
      emergency.runDue();
      rotation.domains(sets);
      sets.forEach(rotation::set);
      rotation.expire(sets);
      raise();
      board.show();
      return keyring;
    });
  }

  /// Does what is due, and reads what others changed. To be called about each second. What fails
  /// raises an alarm and is tried again at the next call; it throws nothing for the environment.
  public void runDue() {
    locked(() -> {
      // Before anything is read: rows of an older database look as if somebody had put them back.
      if (!compare() || recall.isBehind()) {
        board.show();
        return keyring;
      }
      // Without a database each of the others would wait for it in vain, and keep the lock.
      boolean read = step("read the key states", room::publish);
      if (read) {
        step("replace condemned keys", emergency::runDue);
      }
      followUp();
      if (read) {
        step("record signature counts", this::recordSignatures);
      }
      step("look at the keys", this::raise);
      board.show();
      return keyring;
    });
  }

  /// Makes a key of this set that waits for its turn.
  public KeyView prepare(String set, String actor) {
    var config = config(set);
    return locked(() -> {
      var inventory = room.publish();
      int waiting = inventory.waiting(set).size();
      if (waiting >= MOST_WAITING) {
        throw new KeysException(
            KeysException.Code.ILLEGAL_MOVE,
            "expected fewer than " + MOST_WAITING + " waiting keys, there are " + waiting);
      }
      var key = room.makeKey(config, Rotation.signingDomain(inventory), false, actor);
      return view(key.kid());
    });
  }

  /// Lets this key take over. It must have been published for long enough, unless its set has no
  /// key that signs.
  public KeyView activate(String kid, String actor) {
    return locked(() -> {
      var inventory = room.publish();
      var key = inventory.require(kid);
      var old = inventory.active(key.birth().set());
      if (!key.equals(old)) {
        KeyMove.ACTIVATE.require(kid, key.state());
        takeOver(key, old, config(key.birth().set()), false, actor);
      }
      return view(kid);
    });
  }

  /// Replaces the active key of a set by the next one.
  ///
  /// @param now also by one that was not published for long enough, made on the spot if need be:
  ///   verifiers that know only the JWK set may refuse its tokens until they fetch the set again
  public KeyView rotate(String set, boolean now, String actor) {
    var config = config(set);
    return locked(() -> {
      var inventory = room.publish();
      var waiting = inventory.waiting(set);
      if (waiting.isEmpty() && !now) {
        throw new KeysException(
            KeysException.Code.PUBLISHED_TOO_SHORT,
            "no key of "
                + set
                + " waits; prepare one and let it be published for "
                + config.policy().publishAhead()
                + ", or rotate now");
      }
      var next =
          waiting.isEmpty()
              ? room.makeKey(config, Rotation.signingDomain(inventory), false, actor)
              : waiting.getFirst();
      takeOver(next, inventory.active(set), config, now, actor);
      return view(next.kid());
    });
  }

  /// Says that a key is or may be out. Of an active or a reserve key that condemns the domain: who
  /// copied one copied all. A waiting or retiring key is tainted alone.
  public KeyView taint(String kid, String why, String actor) {
    return locked(() -> {
      var inventory = room.publish();
      var key = inventory.require(kid);
      if (key.equals(inventory.active(key.birth().set())) || key.reserve()) {
        emergency.condemn(kid, why, actor, true);
        followUp();
      } else if (key.times().taintedAt() == null) {
        room.move(key, KeyMove.TAINT, why, actor);
        followUp();
      }
      return view(kid);
    });
  }

  /// Says that nothing a tainted key signed is honoured any longer.
  public KeyView revoke(String kid, String why, String actor) {
    return locked(() -> {
      var key = room.publish().require(kid);
      if (key.state() != KeyState.REVOKED) {
        room.move(key, KeyMove.REVOKE, why, actor);
      }
      return view(kid);
    });
  }

  /// All keys, the newest last.
  public List<KeyView> list() {
    return locked(() -> {
      var inventory = room.publish();
      var counts = room.signatures(inventory);
      return inventory.keys().stream().map(key -> KeyView.of(key, inventory, counts)).toList();
    });
  }

  /// One key; null when there is none of this id.
  public @Nullable KeyView show(String kid) {
    return list().stream().filter(view -> view.kid().equals(kid)).findFirst().orElse(null);
  }

  /// A proof that this key is out: condemns its custody domain. Its keys are tainted, reserve keys
  /// take over, private halves are destroyed and a new reserve is made. Calls for a domain that is
  /// condemned already are answered from memory with `first` false, however many there are.
  ///
  /// After two emergencies later ones wait until ten minutes after the one before; the ledger
  /// refuses the forgeries anyway.
  public Condemnation condemn(String kid, String cause, String actor) {
    var known = keyring.snapshot().condemned().get(kid);
    if (known != null) {
      return known;
    }
    return locked(() -> {
      var condemnation = emergency.condemn(kid, cause, actor, false);
      if (condemnation.first()) {
        followUp();
      }
      return condemnation;
    });
  }

  /// What people say about condemned domains.
  public Acknowledgements acknowledgements() {
    return acknowledgements;
  }

  /// The master keys of the stores.
  public MasterKeys masterKeys() {
    return masterKeys;
  }

  /// All keys as of the last tick, from memory; their `signatures` are not counted here.
  public List<KeyView> lastSeen() {
    return seen;
  }

  /// What a person must look at, as of the last tick.
  public List<Alarm> alarms() {
    return board.standing();
  }

  /// Records the last signature counts and forgets the private keys.
  @Override
  public void close() {
    locked(() -> {
      step("record signature counts", this::recordSignatures);
      room.custody().close();
      keyring.replace(KeySnapshot.NONE);
      return keyring;
    });
  }

  private void takeOver(
      KeyRow next, @Nullable KeyRow old, KeySetConfig set, boolean now, String actor) {
    if (next.reserve()) {
      throw new KeysException(
          KeysException.Code.RESERVE_KEY,
          "key "
              + next.kid()
              + " is the reserve of "
              + set.name()
              + "; only an emergency activates it; prepare another key");
    }
    var moment = room.now();
    var published = Duration.between(next.birth().createdAt(), moment);
    boolean needed = old != null && room.custody().signs(old, moment);
    if (needed && !now && published.compareTo(set.policy().publishAhead()) < 0) {
      throw new KeysException(
          KeysException.Code.PUBLISHED_TOO_SHORT,
          "key "
              + next.kid()
              + " was published for "
              + published
              + ", expected "
              + set.policy().publishAhead()
              + "; verifiers that know only the JWK set may refuse its tokens before; wait, or rotate now");
    }
    room.activate(next, old, set, actor);
    followUp();
  }

  /// A disk that refuses to remember stops no key: the database was compared before. Who keeps the
  /// memory each second, issuance, alarms.
  private boolean compare() {
    try {
      return step("compare the database", recall::keep);
    } catch (UncheckedIOException e) {
      return true;
    }
  }

  /// What follows any change; whatever fails is tried again at the next tick.
  private void followUp() {
    step("make the custody domains", () -> rotation.domains(sets));
    for (var set : sets) {
      step("rotate the key set " + set.name(), () -> rotation.set(set));
    }
    step("end what has expired", () -> rotation.expire(sets));
    step("show the keys", room::current);
  }

  /// The log hears of a failure once: a database that is away for a day must not fill the disk.
  private boolean step(String what, Runnable action) {
    try {
      action.run();
      if (failing.remove(what)) {
        LOG.atInfo().addKeyValue("step", what).log("a step of the key life cycle works again");
      }
      return true;
    } catch (KeysException | DataAccessException | TransactionException e) {
      if (failing.add(what)) {
        LOG.atWarn()
            .addKeyValue("step", what)
            .setCause(e)
            .log("a step of the key life cycle failed; it is tried again each second");
      }
      watch.failed(what, e, room.now());
      return false;
    }
  }

  private void raise() {
    var inventory = room.current();
    watch.look(inventory, sets, room.custody(), room.now());
    seen = inventory.keys().stream().map(key -> KeyView.of(key, inventory, Map.of())).toList();
  }

  private void recordSignatures() {
    var counts = room.custody().signatures();
    counts.forEach((kid, count) -> {
      if (count > recorded.getOrDefault(kid, 0L)) {
        room.tables().count(kid, process, count);
        recorded.put(kid, count);
      }
    });
  }

  private KeyView view(String kid) {
    var inventory = room.publish();
    return KeyView.of(inventory.require(kid), inventory, room.signatures(inventory));
  }

  private KeySetConfig config(String set) {
    return sets.stream()
        .filter(config -> config.name().equals(set))
        .findFirst()
        .orElseThrow(() ->
            new KeysException(
                KeysException.Code.NO_SUCH_SET,
                "expected one of the key sets "
                    + sets.stream().map(KeySetConfig::name).toList()
                    + ", came "
                    + set));
  }

  /// What this node remembers of its database.
  public Recall recall() {
    return recall;
  }

  private <T> T locked(Supplier<T> action) {
    return lock.locked(action);
  }
}
