package dev.ingam.issuance;

import dev.ingam.issuance.judge.Judge;
import dev.ingam.issuance.judge.KeySignatures;
import dev.ingam.issuance.judge.TheftProofs;
import dev.ingam.issuance.session.Subjects;
import dev.ingam.keys.KeyLifecycle;
import dev.ingam.keys.KeySetConfig;
import dev.ingam.keys.row.Recall;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.SignatureCheck;
import dev.ingam.wire.VerificationKey;
import java.time.Clock;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// All that issuance does with keys: sign, look up public ones, condemn.
///
/// @param keySets the names of those that sign access tokens
/// @param recall what this node remembers of its database: while that is behind nothing is issued
record KeyDoors(
    TokenSigner signer,
    Set<String> keySets,
    Judge.Keys keys,
    TheftProofs.Condemner condemner,
    Recall recall) {
  KeyDoors {
    keySets = Set.copyOf(keySets);
  }

  static KeyDoors of(KeyLifecycle lifecycle) {
    var keyring = lifecycle.keyring();
    var keys =
        new Judge.Keys() {
          @Override
          public @Nullable VerificationKey find(String kid) {
            return keyring.find(kid);
          }

          @Override
          public Collection<VerificationKey> accessTokenKeys() {
            return keyring.accessTokenKeys();
          }
        };
    return new KeyDoors(
        TokenSigner.of(keyring),
        accessTokenSets(lifecycle),
        keys,
        lifecycle::condemn,
        lifecycle.recall());
  }

  /// Where proofs of theft go: they condemn the domains of these keys.
  TheftProofs proofs(
      TheftProofs.Storage storage, Subjects subjects, SignatureCheck signatures, Clock clock) {
    return new TheftProofs(
        storage, condemner, subjects, new KeySignatures(keys, signatures), clock);
  }

  private static Set<String> accessTokenSets(KeyLifecycle lifecycle) {
    return lifecycle.sets().stream()
        .filter(set -> set.purpose() == KeyPurpose.ACCESS_TOKEN)
        .map(KeySetConfig::name)
        .collect(Collectors.toUnmodifiableSet());
  }
}
