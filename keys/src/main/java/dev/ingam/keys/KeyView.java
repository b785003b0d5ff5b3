package dev.ingam.keys;

import dev.ingam.wire.Algorithm;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeyState;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A signing key as people see it.
///
/// @param reserve waits in another custody domain for an emergency
/// @param signsUntil the end of its cryptoperiod, once it is or was ACTIVE
/// @param verifiesUntil when the last token it signed has expired, once it signs no more
/// @param privateHalf whether its store still holds the private key
/// @param signatures made with it: as its device counts them, or else as the processes that signed
///   do, up to a second old
/// @param papers what its birth certificate says; null for one that has none
public record KeyView(
    String kid,
    String set,
    KeyPurpose purpose,
    Algorithm algorithm,
    String domain,
    KeyState state,
    boolean reserve,
    Instant createdAt,
    @Nullable Instant activatedAt,
    @Nullable Instant signsUntil,
    @Nullable Instant verifiesUntil,
    @Nullable Instant taintedAt,
    @Nullable String why,
    boolean privateHalf,
    long signatures,
    @Nullable KeyPapers papers,
    long version) {
  /// @param counts signatures by kid
  static KeyView of(KeyRow key, Inventory inventory, Map<String, Long> counts) {
    var birth = key.birth();
    var times = key.times();
    return new KeyView(
        birth.kid(),
        birth.set(),
        birth.purpose(),
        birth.algorithm(),
        birth.domain(),
        key.state(),
        key.reserve(),
        birth.createdAt(),
        times.activatedAt(),
        times.signsUntil(),
        times.verifiesUntil(),
        times.taintedAt(),
        key.why(),
        key.privateHalf(),
        counts.getOrDefault(birth.kid(), 0L),
        inventory.papers().get(birth.kid()),
        key.version());
  }
}
