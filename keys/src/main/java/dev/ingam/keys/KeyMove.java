package dev.ingam.keys;

import dev.ingam.wire.KeyState;
import java.util.Arrays;
import java.util.Locale;

/// The moves of the life cycle. There is no other.
enum KeyMove {
  /// Takes over from the active key.
  ACTIVATE(KeyState.ACTIVE, "key.activated"),
  /// Signs no more.
  RETIRE(KeyState.RETIRING, "key.retiring"),
  /// Everything it signed has expired.
  EXPIRE(KeyState.RETIRED, "key.retired"),
  /// Verifiers need not know it any longer.
  FORGET(KeyState.DESTROYED, "key.destroyed"),
  /// Was never used, and waited for too long.
  WITHDRAW(KeyState.DESTROYED, "key.withdrawn"),
  /// Known or suspected to be out.
  TAINT(KeyState.TAINTED, "key.tainted"),
  /// Nothing that it signed is honoured.
  REVOKE(KeyState.REVOKED, "key.revoked");

  private final KeyState to;
  private final String event;

  KeyMove(KeyState to, String event) {
    this.to = to;
    this.event = event;
  }

  KeyState to() {
    return to;
  }

  String event() {
    return event;
  }

  boolean from(KeyState state) {
    return switch (this) {
      case ACTIVATE, WITHDRAW -> state == KeyState.PREPARED;
      case RETIRE -> state == KeyState.ACTIVE;
      case EXPIRE -> state == KeyState.RETIRING;
      case FORGET -> state == KeyState.RETIRED;
      case TAINT -> state.isPublic();
      case REVOKE -> state == KeyState.TAINTED;
    };
  }

  /// @throws KeysException ILLEGAL_MOVE
  void require(String kid, KeyState state) {
    if (!from(state)) {
      throw new KeysException(
          KeysException.Code.ILLEGAL_MOVE,
          "cannot "
              + name().toLowerCase(Locale.ROOT)
              + " key "
              + kid
              + ": expected it "
              + Arrays.stream(KeyState.values()).filter(this::from).map(KeyState::wireName).toList()
              + ", it is "
              + state.wireName());
    }
  }
}
