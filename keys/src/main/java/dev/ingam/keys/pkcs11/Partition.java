package dev.ingam.keys.pkcs11;

import dev.ingam.keys.KeysException;
import dev.ingam.keys.disk.SecretFiles;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way to one token: finds it by its label, logs in, keeps sessions for reuse, and comes back
/// by itself after the device was away.
///
/// A call gets a session of its own and is tried once more when the token, or the session, turns
/// out to be lost. After an attempt to connect that failed the next one waits, a second at first
/// and a minute at last, whoever asks. A PIN that the token refused is not tried again until its
/// file holds another: a few wrong ones lock a token for good. Safe to call concurrently.
final class Partition {
  private static final Logger LOG = LoggerFactory.getLogger(Partition.class);

  private static final Duration WAIT = Duration.ofSeconds(2);
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final PartitionConfig config;
  private final Library library;
  private final Pin pin;
  private final LongSupplier nanos;
  private final Greeting greeting;
  private final Queue<Session> idle = new ConcurrentLinkedQueue<>();
  private final Semaphore sessions;
  private volatile boolean hangs;
  private final ReentrantLock connecting = new ReentrantLock();
  // All below are written under connecting.
  private volatile @Nullable Connection connection;
  private @Nullable Connection last;
  private volatile String device = "";
  private volatile @Nullable KeysException failure;
  private Duration pause = SHORTEST_PAUSE;
  private long nextAttempt;
  private volatile boolean useless;
  private volatile long uselessUntil;

  /// @param nanos a monotonic clock
  /// @param greeting looks at each connection before it is used
  Partition(
      PartitionConfig config,
      Library library,
      SecretFiles files,
      LongSupplier nanos,
      Greeting greeting) {
    this.config = config;
    this.library = library;
    this.pin = new Pin(config, files);
    this.nanos = nanos;
    this.nextAttempt = nanos.getAsLong();
    this.greeting = greeting;
    this.sessions = new Semaphore(config.sessions());
  }

  PartitionConfig config() {
    return config;
  }

  /// Does something with a session. Object handles that the action keeps hold for the number of
  /// this connection, and no other.
  ///
  /// @throws KeysException STORE_UNAVAILABLE when the token cannot be reached, or refuses;
  ///   PIN_REFUSED; CRYPTO_UNAVAILABLE when it has no such mechanism
  <T> T call(Action<T> action) {
    if (!acquired()) {
      throw unavailable(
          "all of its " + config.sessions() + " sessions are busy for too long", null);
    }
    try {
      var first = connected();
      try {
        return attempt(first, action);
      } catch (RejectedException e) {
        if (!e.isLost() || isUseless()) {
          throw refused(e);
        }
        lost(first, e);
      }
      try {
        var result = attempt(connected(), action);
        helped();
        return result;
      } catch (RejectedException e) {
        throw e.isLost() ? useless(refused(e)) : refused(e);
      }
    } finally {
      sessions.release();
    }
  }

  /// Which device it is, as it said when it was reached last.
  String device() {
    return device;
  }

  /// What keeps it from being used, as the last use showed; null when nothing does.
  @Nullable String trouble() {
    var last = failure;
    return last == null ? null : last.getMessage();
  }

  @Override
  public String toString() {
    return "Partition[" + config.token() + "]";
  }

  KeysException unavailable(String why, @Nullable Throwable cause) {
    var message =
        "expected token "
            + config.token()
            + " through "
            + config.library()
            + "; "
            + why
            + "; it is tried again, a minute apart at most";
    return cause == null
        ? new KeysException(KeysException.Code.STORE_UNAVAILABLE, message)
        : new KeysException(KeysException.Code.STORE_UNAVAILABLE, message, cause);
  }

  /// What the token did shows that it works; that it took a log-in does not.
  private <T> T attempt(Connection current, Action<T> action) {
    T done =
        library.call(generation -> {
          if (generation != current.generation() || !current.equals(connection)) {
            throw RejectedException.lost("it was connected anew");
          }
          var session = idle.poll();
          while (session != null && session.connection() != current.number()) {
            session = idle.poll();
          }
          if (session == null) {
            session = Session.open(library.cryptoki(), current.slot(), current.number());
          }
          try {
            var result = action.on(session, current.number());
            idle.add(session);
            return result;
          } catch (RuntimeException e) {
            // It may be in the middle of something.
            session.end();
            throw e;
          }
        });
    works();
    return done;
  }

  /// Waits a little for a session; not at all while the last who waited got none: then the device
  /// hangs, and threads that wait for it are threads that the doors lack.
  private boolean acquired() {
    if (sessions.tryAcquire()) {
      hangs = false;
      return true;
    }
    if (hangs) {
      return false;
    }
    try {
      boolean got = sessions.tryAcquire(WAIT.toNanos(), TimeUnit.NANOSECONDS);
      hangs = !got;
      return got;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Connection connected() {
    var current = connection;
    if (current != null) {
      return current;
    }
    connecting.lock();
    try {
      current = connection;
      if (current == null) {
        current = connect();
        connection = current;
      }
      return current;
    } finally {
      connecting.unlock();
    }
  }

  /// Forgets a connection that turned out to be lost, unless somebody did before.
  private void lost(Connection current, RejectedException cause) {
    connecting.lock();
    try {
      if (current.equals(connection)) {
        LOG.atWarn()
            .addKeyValue("token", config.token())
            .addKeyValue("answer", cause.getMessage())
            .log("the token is lost; connecting again");
        connection = null;
        idle.clear();
      }
    } finally {
      connecting.unlock();
    }
  }

  /// Whether to connect anew did not help a moment ago: then it does not now, and what is wrong is
  /// something else, such as one key. The others go on with the connection that there is.
  private boolean isUseless() {
    return useless && nanos.getAsLong() - uselessUntil < 0;
  }

  private KeysException useless(KeysException e) {
    connecting(() -> {
      uselessUntil = nanos.getAsLong() + pause.toNanos();
      useless = true;
      pause = longer();
      failure = e;
    });
    return e;
  }

  private void helped() {
    connecting(() -> {
      useless = false;
      pause = SHORTEST_PAUSE;
    });
  }

  private void works() {
    if (failure != null) {
      connecting(() -> failure = null);
    }
  }

  private void connecting(Runnable change) {
    connecting.lock();
    try {
      change.run();
    } finally {
      connecting.unlock();
    }
  }

  private Connection connect() {
    var before = failure;
    if (before != null && nanos.getAsLong() - nextAttempt < 0) {
      throw new KeysException(before.code(), before.getMessage() + "");
    }
    try {
      var made = reached();
      failure = null;
      pause = useless ? pause : SHORTEST_PAUSE;
      return made;
    } catch (RejectedException e) {
      throw failed(unavailable(e.getMessage() + "", e));
    } catch (KeysException e) {
      throw failed(e);
    }
  }

  private KeysException failed(KeysException e) {
    failure = e;
    nextAttempt = nanos.getAsLong() + pause.toNanos();
    pause = longer();
    return e;
  }

  private Duration longer() {
    var twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  /// Beside the calls of others; alone with the library only where it must be made ready anew. That
  /// ends the sessions of all, so it is done where nobody else's token works either.
  private Connection reached() {
    var before = last;
    if (before != null) {
      library.call(generation -> {
        if (before.generation() == generation) {
          forget(before.slot());
        }
        return generation;
      });
    }
    try {
      return library.call(this::login);
    } catch (RejectedException e) {
      if (!library.restart(before == null ? -1 : before.slot())) {
        throw e;
      }
      return library.call(this::login);
    }
  }

  /// What is left of the connection before; a lost device has none left.
  private void forget(long slot) {
    try {
      library.cryptoki().closeAllSessions(slot);
    } catch (RejectedException e) {
      LOG.atDebug().addKeyValue("answer", e.getMessage()).log("a lost token ends no sessions");
    }
  }

  private Connection login(long generation) {
    long slot = Slots.of(library.cryptoki(), config);
    var info = TokenInfo.of(library.cryptoki(), slot);
    device = info.device();
    var made = new Connection(slot, generation, last == null ? 1 : last.number() + 1);
    last = made;
    var session = Session.open(library.cryptoki(), slot, made.number());
    pin.login(session, info);
    // Its session stays open beside those in use: the log-in lasts as long as one does.
    greeting.check(session);
    library.reached(slot);
    LOG.atInfo().addKeyValue("token", config.token()).log("connected to the token");
    return made;
  }

  private KeysException refused(RejectedException e) {
    if (e.value() == Ck.CKR_MECHANISM_INVALID || e.value() == Ck.CKR_MECHANISM_PARAM_INVALID) {
      return new KeysException(
          KeysException.Code.CRYPTO_UNAVAILABLE,
          "expected the mechanism of this algorithm from token "
              + config.token()
              + ", which has none: "
              + e.getMessage()
              + "; choose another algorithm for the key set",
          e);
    }
    return e.isLost()
        ? unavailable(e.getMessage() + "", e)
        : new KeysException(
            KeysException.Code.STORE_UNAVAILABLE,
            "expected token " + config.token() + " to do its work; " + e.getMessage(),
            e);
  }

  /// Where the token is for now.
  ///
  /// @param number tells one connection from the next
  record Connection(long slot, long generation, long number) {}

  /// Looks at a token that was just reached.
  interface Greeting {
    /// @throws KeysException when it is not the one that is meant
    void check(Session session);
  }

  /// What is done with a session.
  interface Action<T> {
    T on(Session session, long connection);
  }
}
