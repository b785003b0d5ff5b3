package dev.ingam.keys.file;

import dev.ingam.keys.Installation;
import dev.ingam.keys.KeysException;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.SigningStore;
import dev.ingam.keys.StorePlace;
import dev.ingam.keys.Wrapping;
import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.keys.disk.SecretFiles;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The file stores of an installation: one file and one master key for each custody domain, and one
/// for the sealing keys.
public final class FileStores implements StorePlace {
  private static final String SEALING = "sealing";
  private static final String ROOT = "root";
  private static final String ROOT_ALGORITHM = "HKDF-SHA256";

  private final StoreFolder folder;
  private final SecureRandom random;
  private final Jca jca;
  private final Clock clock;
  // Used by one thread at a time, as the port says.
  private final Map<String, FileStore> open = new HashMap<>();

  private FileStores(StoreFolder folder, SecureRandom random, Jca jca, Clock clock) {
    this.folder = folder;
    this.random = random;
    this.jca = jca;
    this.clock = clock;
  }

  /// The stores in the installation's folders.
  ///
  /// @param provider makes keys and signatures; null for the JDK's
  public static FileStores open(
      Installation installation, SecureRandom random, @Nullable Provider provider, Clock clock) {
    return open(installation, random, provider, clock, new PosixFiles());
  }

  /// As above, on files of the caller's: for tests of what a failing disk does.
  public static FileStores open(
      Installation installation,
      SecureRandom random,
      @Nullable Provider provider,
      Clock clock,
      SecretFiles files) {
    return open(installation, random, provider, clock, files, Wrapping.NONE);
  }

  /// As above, with master keys that lie under a key of the operator's.
  public static FileStores open(
      Installation installation,
      SecureRandom random,
      @Nullable Provider provider,
      Clock clock,
      SecretFiles files,
      Wrapping wrapping) {
    var folder = new StoreFolder(installation, files, random, wrapping);
    folder.prepare();
    return new FileStores(folder, random, new Jca(provider), clock);
  }

  /// The sealing keys of this installation; made at the first start.
  public SealingKeys sealingKeys() {
    var content = folder.exists(SEALING) ? folder.opened(SEALING) : makeSealing();
    var sealed = content.find(ROOT);
    byte[] root = {};
    try (var master = folder.master(SEALING)) {
      if (sealed == null || !sealed.algorithm().equals(ROOT_ALGORITHM)) {
        throw new IllegalArgumentException("expected the root of the sealing keys");
      }
      root = master.open(sealed);
      return new SealingKeys(root, random);
    } catch (IllegalArgumentException e) {
      throw folder.damaged(SEALING, e);
    } finally {
      Arrays.fill(root, (byte) 0);
    }
  }

  /// A new store is two new files.
  @Override
  public boolean hasRoom() {
    return true;
  }

  @Override
  public Set<String> domains() {
    var domains = folder.domains();
    domains.remove(SEALING);
    return domains;
  }

  @Override
  public SigningStore create(String domain) {
    signing(domain);
    if (!folder.exists(domain)) {
      folder.make(domain, (empty, _) -> empty);
    }
    return open(domain);
  }

  @Override
  public SigningStore open(String domain) {
    return store(domain);
  }

  private FileStore store(String domain) {
    signing(domain);
    var store = open.get(domain);
    if (store == null) {
      if (!folder.exists(domain)) {
        throw folder.damaged(
            domain, new IllegalArgumentException("expected a file; it is missing"));
      }
      store = new FileStore(folder, folder.opened(domain), jca, clock);
      open.put(domain, store);
    }
    return store;
  }

  /// That of the sealing keys, too: their root stays the same.
  @Override
  public Set<String> renewMasterKeys() {
    var renewed = folder.domains();
    for (var domain : renewed) {
      if (domain.equals(SEALING)) {
        folder.withNewMaster(folder.opened(SEALING));
      } else {
        store(domain).renewMasterKey();
      }
    }
    return renewed;
  }

  /// A disk that refuses is told by whoever it refuses.
  @Override
  public Map<String, String> troubles() {
    return Map.of();
  }

  @Override
  public void discard(String domain) {
    signing(domain);
    folder.delete(domain);
    var store = open.remove(domain);
    if (store != null) {
      store.close();
    }
  }

  /// The place of a file is none but its name.
  @Override
  public void abandon(String domain) {
    discard(domain);
  }

  @Override
  public String toString() {
    return "FileStores";
  }

  private StoreFile makeSealing() {
    if (!domains().isEmpty()) {
      throw folder.damaged(
          SEALING,
          new IllegalArgumentException(
              "expected a file beside the other stores; without it no row of the database holds"));
    }
    var root = new byte[SealingKeys.ROOT_BYTES];
    random.nextBytes(root);
    try {
      return folder.make(
          SEALING,
          (empty, master) ->
              empty.with(master.seal(ROOT, ROOT_ALGORITHM, clock.instant().toString(), root)));
    } finally {
      Arrays.fill(root, (byte) 0);
    }
  }

  private static void signing(String domain) {
    if (domain.equals(SEALING)) {
      throw new KeysException(
          KeysException.Code.CONFIGURATION, "the domain sealing bears no signing key");
    }
  }
}
