package dev.ingam.keys.pkcs11;

import dev.ingam.keys.Installation;
import dev.ingam.keys.disk.SecretFiles;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.LongSupplier;

/// The partitions of an installation that bear stores.
public final class HsmPlaces {
  private HsmPlaces() {}

  /// Loads their libraries; a token is connected when it is used first.
  ///
  /// @param partitions each token once
  /// @param nanos a monotonic clock
  /// @return in the same order
  /// @throws dev.ingam.keys.KeysException CONFIGURATION, STORE_UNAVAILABLE
  public static List<HsmPlace> of(
      Installation installation,
      List<PartitionConfig> partitions,
      Libraries libraries,
      SecretFiles files,
      SecureRandom random,
      LongSupplier nanos) {
    return partitions.stream()
        .map(partition ->
            new HsmPlace(
                installation.id(),
                partition,
                libraries.at(partition.library()),
                files,
                random,
                nanos))
        .toList();
  }
}
