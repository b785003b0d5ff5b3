package dev.ingam.keys;

import java.util.Map;
import java.util.Set;

/// The master keys of the stores of this installation.
public final class MasterKeys {
  private final KeyRoom room;
  private final KeyLock lock;

  /// @param lock held by whoever uses the room
  MasterKeys(KeyRoom room, KeyLock lock) {
    this.room = room;
    this.lock = lock;
  }

  /// Encrypts what every store in files holds under a new master key; who has the old ones opens no
  /// store with them any more. Signing goes on meanwhile. Durable when it returns; a call that
  /// breaks off leaves each store under its old key or its new one.
  ///
  /// @return the stores; none when all keys are in HSMs and nothing is in files
  /// @throws KeysException STORE_UNAVAILABLE, MASTER_KEY_WRONG, STORE_DAMAGED
  public Set<String> rotate(String actor) {
    return lock.locked(() -> {
      var stores = room.custody().renewMasterKeys();
      var tables = room.tables();
      tables.together(() ->
          tables.note("master_keys.rotated", actor, Map.of("stores", String.join(" ", stores))));
      return stores;
    });
  }
}
