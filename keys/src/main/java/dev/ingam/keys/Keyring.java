package dev.ingam.keys;

import dev.ingam.wire.KeySet;
import dev.ingam.wire.VerificationKey;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// The keys as the hot path sees them: a snapshot in memory that [KeyLifecycle] replaces. No method
/// waits for a lock or for the database; all may be called concurrently.
///
/// It signs with active keys inside their cryptoperiod and with nothing else, whatever the caller,
/// the configuration, the database or one of the two clocks says. It signs under a lease: only
/// while key states were read from the database a moment ago, so that no key signs for long that
/// another process tainted. What verifies needs no lease.
public final class Keyring {
  /// How long a reading of the key states holds, counted from before it began by a clock that never
  /// jumps.
  public static final Duration LEASE = Duration.ofSeconds(10);

  private final Clocks clocks;
  // Replaced under the lock of the life cycle.
  private volatile KeySnapshot snapshot = KeySnapshot.NONE;

  Keyring(Clocks clocks) {
    this.clocks = clocks;
  }

  /// The key that signs for this set now.
  ///
  /// @throws KeysException NO_ACTIVE_KEY; KEY_STATES_STALE when the lease has ended
  public ActiveKey active(String keySet) {
    var now = snapshot;
    var key = now.active().get(keySet);
    var slot = key == null ? null : now.slots().get(key.kid());
    if (key == null || slot == null || slot.hasEnded(clocks)) {
      throw new KeysException(
          KeysException.Code.NO_ACTIVE_KEY,
          "expected a key that signs for the set " + keySet + "; there is none; see the alarms");
    }
    requireFresh(now);
    return key;
  }

  /// The signature of a key over the input, in JOSE form.
  ///
  /// @throws KeysException NOT_ACTIVE when the key stopped to sign since it was looked up: ask
  ///   `active` again, once; KEY_STATES_STALE when the lease has ended
  public byte[] sign(ActiveKey key, byte[] signingInput) {
    var now = snapshot;
    var slot = now.slots().get(key.kid());
    if (slot == null || slot.hasEnded(clocks)) {
      throw notActive(key.kid());
    }
    requireFresh(now);
    try {
      var signature = slot.signer().sign(signingInput);
      slot.signatures().increment();
      return signature;
    } catch (KeysException e) {
      throw e.code() == KeysException.Code.KEY_GONE ? notActive(key.kid()) : e;
    }
  }

  /// The public half of a key in whatever state it is; null when it never was ours.
  public @Nullable VerificationKey find(String kid) {
    return snapshot.keys().get(kid);
  }

  /// All keys for access tokens, in any state.
  public Collection<VerificationKey> accessTokenKeys() {
    return snapshot.accessTokenKeys();
  }

  /// The set that anyone may read: PREPARED (with the reserve), ACTIVE and RETIRING keys for
  /// tokens.
  public KeySet publicSet() {
    return snapshot.publicSet();
  }

  /// The set for verifiers that ask the ledger: also those that are tainted, revoked or retired.
  public KeySet authenticatedSet() {
    return snapshot.authenticatedSet();
  }

  /// Grows with each change.
  public long version() {
    return snapshot.version();
  }

  /// Whether the key states were read from the database within the lease.
  public boolean isFresh() {
    return isFresh(snapshot);
  }

  private boolean isFresh(KeySnapshot seen) {
    return seen.version() > 0 && clocks.nanos().getAsLong() - seen.readFrom() < LEASE.toNanos();
  }

  private void requireFresh(KeySnapshot seen) {
    if (!isFresh(seen)) {
      throw new KeysException(
          KeysException.Code.KEY_STATES_STALE,
          "expected key states that were read from the database in the last "
              + LEASE.toSeconds()
              + " s, these are older; see that it answers: keys then sign again by themselves");
    }
  }

  KeySnapshot snapshot() {
    return snapshot;
  }

  void replace(KeySnapshot newer) {
    snapshot = newer;
  }

  private static KeysException notActive(String kid) {
    return new KeysException(
        KeysException.Code.NOT_ACTIVE, "key " + kid + " signs no more; ask for the active key");
  }
}
