package dev.ingam.keys;

import dev.ingam.wire.KeyState;
import dev.ingam.wire.VerificationKey;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A signing key as the database has it.
///
/// @param reserve waits in another domain for an emergency
/// @param privateHalf whether the store still holds its private key; false before the store
///   destroys it would be a lie, so it is false only after
/// @param verifyFor for how long it is verified after it stopped to sign; grows with the policy,
///   never shrinks
record KeyRow(
    KeyBirth birth,
    KeyState state,
    boolean reserve,
    boolean privateHalf,
    Duration verifyFor,
    KeyTimes times,
    @Nullable String why,
    long version) {

  static KeyRow prepared(KeyBirth birth, boolean reserve, Duration verifyFor) {
    return new KeyRow(birth, KeyState.PREPARED, reserve, true, verifyFor, KeyTimes.NONE, null, 1);
  }

  String kid() {
    return birth.kid();
  }

  VerificationKey verificationKey() {
    return new VerificationKey(
        birth.kid(), birth.algorithm(), birth.publicKey(), birth.purpose(), state);
  }

  /// Whether it may hold a private half: all others have theirs destroyed.
  boolean mayHoldPrivateHalf() {
    return state == KeyState.PREPARED || state == KeyState.ACTIVE;
  }

  /// The end of its cryptoperiod while it is ACTIVE, else null. The ceiling of the purpose holds
  /// whatever the row says.
  @Nullable Instant signsUntil() {
    var activated = times.activatedAt();
    var until = times.signsUntil();
    if (state != KeyState.ACTIVE || activated == null || until == null) {
      return null;
    }
    var ceiling = activated.plus(KeyPolicy.signForCeiling(birth.purpose()));
    return until.isBefore(ceiling) ? until : ceiling;
  }

  /// Next version after this move.
  ///
  /// @throws KeysException ILLEGAL_MOVE
  KeyRow move(KeyMove move, Instant now) {
    move.require(kid(), state);
    var stopped = stop(now).plus(verifyFor);
    return switch (move) {
      case ACTIVATE -> throw new IllegalArgumentException("use activate, which says for how long");
      case RETIRE -> with(move, times.stopped(stopped));
      case TAINT ->
          with(
              move,
              times.tainted(now, state == KeyState.RETIRING ? verifiesUntil(stopped) : stopped));
      case EXPIRE, FORGET, WITHDRAW, REVOKE -> with(move, times.ended(now));
    };
  }

  /// Next version, ACTIVE for this long.
  KeyRow activate(Instant now, Duration signFor) {
    KeyMove.ACTIVATE.require(kid(), state);
    var activated = with(KeyMove.ACTIVATE, times.activated(now, now.plus(signFor)));
    return new KeyRow(
        birth,
        activated.state,
        false,
        privateHalf,
        verifyFor,
        activated.times,
        why,
        activated.version);
  }

  KeyRow because(String reason) {
    return new KeyRow(birth, state, reserve, privateHalf, verifyFor, times, reason, version);
  }

  KeyRow withoutPrivateHalf() {
    return new KeyRow(birth, state, reserve, false, verifyFor, times, why, version + 1);
  }

  /// Next version under a new policy, or this one when it changes nothing: a cryptoperiod is
  /// shortened, never stretched, and the time of verification grows, never shrinks.
  KeyRow under(KeyPolicy policy) {
    var longer = policy.verifyFor().compareTo(verifyFor) > 0 ? policy.verifyFor() : verifyFor;
    var activated = times.activatedAt();
    var until = times.signsUntil();
    if (state == KeyState.ACTIVE && activated != null && until != null) {
      var shorter = activated.plus(policy.signFor());
      until = shorter.isBefore(until) ? shorter : until;
    }
    var changed = times.signsUntil(until);
    return longer.equals(verifyFor) && changed.equals(times)
        ? this
        : new KeyRow(birth, state, reserve, privateHalf, longer, changed, why, version + 1);
  }

  /// A key past its cryptoperiod stopped when that ended, not when somebody looked.
  private Instant stop(Instant now) {
    var until = signsUntil();
    return until != null && until.isBefore(now) ? until : now;
  }

  private Instant verifiesUntil(Instant otherwise) {
    var until = times.verifiesUntil();
    return until == null ? otherwise : until;
  }

  private KeyRow with(KeyMove move, KeyTimes changed) {
    return new KeyRow(birth, move.to(), reserve, privateHalf, verifyFor, changed, why, version + 1);
  }
}
