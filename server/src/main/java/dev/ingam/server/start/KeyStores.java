package dev.ingam.server.start;

import dev.ingam.keys.Installation;
import dev.ingam.keys.PlacedStores;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.SigningStores;
import dev.ingam.keys.StorePlace;
import dev.ingam.keys.Wrapping;
import dev.ingam.keys.WrappingKey;
import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.keys.file.FileStores;
import dev.ingam.keys.pkcs11.HsmPlaces;
import dev.ingam.keys.pkcs11.Libraries;
import dev.ingam.keys.pkcs11.TokenWrappingKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The key stores of an installation, where the settings have them.
public final class KeyStores implements AutoCloseable {
  private final FileStores files;
  private final SigningStores signing;
  private final Libraries libraries;

  private KeyStores(FileStores files, SigningStores signing, Libraries libraries) {
    this.files = files;
    this.signing = signing;
    this.libraries = libraries;
  }

  /// @param provider makes the keys and signatures of files; null for the JDK's
  public static KeyStores open(
      Installation installation,
      KeySettings settings,
      SecureRandom random,
      @Nullable Provider provider,
      Clock clock) {
    var libraries = new Libraries();
    try {
      var opening = new Opening(installation, settings, random, libraries);
      var disk = new PosixFiles();
      var files = FileStores.open(installation, random, provider, clock, disk, opening.wrapping());
      return new KeyStores(files, opening.signing(files), libraries);
    } catch (RuntimeException e) {
      libraries.close();
      throw e;
    }
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
    libraries.close();
  }

  /// What the stores are opened from.
  private record Opening(
      Installation installation, KeySettings settings, SecureRandom random, Libraries libraries) {
    private Wrapping wrapping() {
      return new Wrapping(key(settings.wrapping().by()), key(settings.wrapping().before()));
    }

    private @Nullable WrappingKey key(@Nullable String text) {
      var source = text == null ? null : WrappingSource.of(text);
      if (source == null) {
        return null;
      }
      var disk = new PosixFiles();
      return source.isToken()
          ? TokenWrappingKey.in(
              settings.wrapping().partition(),
              installation.id(),
              libraries,
              disk,
              random,
              System::nanoTime)
          : source.read(disk, System.getenv(), random);
    }

    /// Files come last and get no new store when the settings list other places alone; what is in
    /// them stays.
    private SigningStores signing(FileStores files) {
      var partitions =
          settings.stores().stream()
              .filter(store -> !store.isFile())
              .map(StoreSettings::partition)
              .toList();
      var disk = new PosixFiles();
      var hsms =
          HsmPlaces.of(installation, partitions, libraries, disk, random, System::nanoTime)
              .iterator();
      var places = new ArrayList<StorePlace>();
      for (var store : settings.stores()) {
        places.add(store.isFile() ? files : hsms.next());
      }
      boolean filesFill = places.isEmpty() || places.contains(files);
      if (!places.contains(files)) {
        places.add(files);
      }
      return new PlacedStores(places, filesFill ? List.of() : List.of(files));
    }
  }
}
