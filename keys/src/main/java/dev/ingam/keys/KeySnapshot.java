package dev.ingam.keys;

import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeySet;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.VerificationKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All keys at one moment, for threads that never wait.
///
/// @param readFrom when its last reading from the database began, by the monotonic clock
/// @param slots by kid, of keys that may sign
/// @param active by key set
/// @param condemned by kid, of keys whose domain is condemned or about to be
record KeySnapshot(
    long version,
    long readFrom,
    Map<String, VerificationKey> keys,
    Map<String, SigningSlot> slots,
    Map<String, ActiveKey> active,
    Map<String, Condemnation> condemned,
    List<VerificationKey> accessTokenKeys,
    KeySet publicSet,
    KeySet authenticatedSet) {
  private static final int MOST_KEYS = 64;

  static final KeySnapshot NONE =
      new KeySnapshot(
          0,
          0,
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          List.of(),
          new KeySet(List.of()),
          new KeySet(List.of()));

  /// What these keys look like, with the open signers of the active ones.
  static KeySnapshot of(long version, long readFrom, Inventory inventory, List<SigningSlot> slots) {
    var rows = inventory.keys();
    var keys = new HashMap<String, VerificationKey>();
    rows.forEach(row -> keys.put(row.kid(), row.verificationKey()));
    var byKid = new HashMap<String, SigningSlot>();
    var active = new HashMap<String, ActiveKey>();
    for (var slot : slots) {
      var key = slot.key();
      var until = key.signsUntil();
      if (until != null) {
        byKid.put(key.kid(), slot);
        active.put(key.birth().set(), new ActiveKey(key.kid(), key.birth().algorithm(), until));
      }
    }
    var access =
        keys.values().stream().filter(key -> key.purpose() == KeyPurpose.ACCESS_TOKEN).toList();
    return new KeySnapshot(
        version,
        readFrom,
        Map.copyOf(keys),
        Map.copyOf(byKid),
        Map.copyOf(active),
        condemned(inventory),
        access,
        published(rows, true),
        published(rows, false));
  }

  /// The same keys, read again.
  KeySnapshot readAgain(long from) {
    return new KeySnapshot(
        version,
        from,
        keys,
        slots,
        active,
        condemned,
        accessTokenKeys,
        publicSet,
        authenticatedSet);
  }

  private static Map<String, Condemnation> condemned(Inventory inventory) {
    var condemned = new HashMap<String, Condemnation>();
    for (var key : inventory.keys()) {
      var domain = inventory.domain(key.birth().domain());
      if (domain != null && domain.verdict() != null) {
        condemned.put(key.kid(), domain.condemnation(false));
      }
    }
    return Map.copyOf(condemned);
  }

  /// At most 64: those that honest tokens need first, then the newest of those that only explain a
  /// refusal.
  private static KeySet published(List<KeyRow> rows, boolean everyone) {
    var wanted = new ArrayList<KeyRow>();
    for (var row : rows) {
      var state = row.state();
      boolean forTokens =
          row.birth().purpose() == KeyPurpose.ACCESS_TOKEN
              || row.birth().purpose() == KeyPurpose.ID_TOKEN;
      if (everyone ? state.isPublic() && forTokens : state != KeyState.DESTROYED) {
        wanted.add(row);
      }
    }
    wanted.sort(
        Comparator.comparing((KeyRow row) -> row.state().refusal() != null)
            .thenComparing(row -> row.birth().createdAt(), Comparator.reverseOrder())
            .thenComparing(KeyRow::kid));
    return new KeySet(wanted.stream().limit(MOST_KEYS).map(KeyRow::verificationKey).toList());
  }
}
