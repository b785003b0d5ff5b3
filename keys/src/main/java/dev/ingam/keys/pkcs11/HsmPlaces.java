package dev.ingam.keys.pkcs11;

import dev.ingam.keys.Installation;
import dev.ingam.keys.disk.SecretFiles;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.function.LongSupplier;

/// The partitions of an installation, with the libraries they are reached through.
public final class HsmPlaces implements AutoCloseable {
  private final Collection<Library> libraries;
  private final List<HsmPlace> places;

  private HsmPlaces(Collection<Library> libraries, List<HsmPlace> places) {
    this.libraries = libraries;
    this.places = List.copyOf(places);
  }

  /// Loads the libraries; a token is connected when it is used first.
  ///
  /// @param nanos a monotonic clock
  /// @throws dev.ingam.keys.KeysException CONFIGURATION, STORE_UNAVAILABLE
  public static HsmPlaces open(
      Installation installation,
      List<PartitionConfig> partitions,
      SecretFiles files,
      SecureRandom random,
      LongSupplier nanos) {
    var libraries = new HashMap<Path, Library>();
    var places = new ArrayList<HsmPlace>();
    try {
      for (var partition : partitions) {
        var library = libraries.computeIfAbsent(partition.library(), Library::open);
        places.add(new HsmPlace(installation.id(), partition, library, files, random, nanos));
      }
    } catch (RuntimeException e) {
      libraries.values().forEach(Library::close);
      throw e;
    }
    return new HsmPlaces(libraries.values(), places);
  }

  /// In the order of the configuration.
  public List<HsmPlace> places() {
    return places;
  }

  /// Ends all sessions. No store of a place may be used after.
  @Override
  public void close() {
    places.forEach(HsmPlace::close);
    libraries.forEach(Library::close);
  }
}
