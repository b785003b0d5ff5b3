package dev.ingam.server.start;

import dev.ingam.keys.Installation;
import dev.ingam.keys.PlacedStores;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.SigningStores;
import dev.ingam.keys.StorePlace;
import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.keys.file.FileStores;
import dev.ingam.keys.pkcs11.HsmPlaces;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The key stores of an installation, where the settings have them.
public final class KeyStores implements AutoCloseable {
  private final FileStores files;
  private final HsmPlaces hsms;
  private final SigningStores signing;

  private KeyStores(FileStores files, HsmPlaces hsms, SigningStores signing) {
    this.files = files;
    this.hsms = hsms;
    this.signing = signing;
  }

  /// @param provider makes the keys and signatures of files; null for the JDK's
  public static KeyStores open(
      Installation installation,
      KeySettings settings,
      SecureRandom random,
      @Nullable Provider provider,
      Clock clock) {
    var files = FileStores.open(installation, random, provider, clock);
    var partitions =
        settings.stores().stream()
            .filter(store -> !store.isFile())
            .map(StoreSettings::partition)
            .toList();
    var hsms = HsmPlaces.open(installation, partitions, new PosixFiles(), random, System::nanoTime);
    return new KeyStores(files, hsms, signing(settings, files, hsms));
  }

  /// Files come last and get no new store when the settings list other places alone; what is in
  /// them stays.
  private static SigningStores signing(KeySettings settings, FileStores files, HsmPlaces hsms) {
    var places = new ArrayList<StorePlace>();
    var partitions = hsms.places().iterator();
    for (var store : settings.stores()) {
      places.add(store.isFile() ? files : partitions.next());
    }
    boolean filesFill = places.isEmpty() || places.contains(files);
    if (!places.contains(files)) {
      places.add(files);
    }
    return new PlacedStores(places, filesFill ? List.of() : List.of(files));
  }

  /// The keys that sign nothing; they are in files.
  public SealingKeys sealingKeys() {
    return files.sealingKeys();
  }

  /// The stores of signing keys.
  public SigningStores signing() {
    return signing;
  }

  @Override
  public void close() {
    hsms.close();
  }
}
