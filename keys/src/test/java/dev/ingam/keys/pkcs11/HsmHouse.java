package dev.ingam.keys.pkcs11;

import dev.ingam.keys.Installation;
import dev.ingam.keys.PlacedStores;
import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.testkit.SettableClock;
import dev.ingam.testkit.SoftHsm;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// An installation whose keys are in tokens of a SoftHSM.
final class HsmHouse implements AutoCloseable {
  final AtomicLong nanos = new AtomicLong();
  final Installation installation;
  final Libraries libraries = new Libraries();
  final List<HsmPlace> places;
  final PlacedStores stores;

  /// @param name of the installation: each name has folders of its own
  HsmHouse(Path folder, String name, PartitionConfig... partitions) {
    var clock = SettableClock.at("2026-11-27T00:00:00Z");
    installation =
        Installation.open(folder.resolve(name + "-data"), folder.resolve(name + "-secrets"), clock);
    try {
      places =
          HsmPlaces.of(
              installation,
              List.of(partitions),
              libraries,
              new PosixFiles(),
              new SecureRandom(),
              nanos::get);
    } catch (RuntimeException e) {
      installation.close();
      throw e;
    }
    stores = new PlacedStores(places, List.of());
  }

  /// These tokens of this HSM, reached by its own library.
  static PartitionConfig[] partitions(SoftHsm hsm, String... tokens) {
    return Stream.of(tokens)
        .map(token -> partition(SoftHsm.library(), token, hsm.pinFile()))
        .toArray(PartitionConfig[]::new);
  }

  static PartitionConfig partition(Path library, String token, Path pinFile) {
    return new PartitionConfig(library, token, pinFile, PartitionConfig.DEFAULT_SESSIONS);
  }

  @Override
  public void close() {
    libraries.close();
    installation.close();
  }
}
