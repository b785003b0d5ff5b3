package dev.ingam.keys;

import dev.ingam.keys.archive.BackupKey;
import dev.ingam.keys.disk.FolderLock;
import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.keys.disk.SecretFiles;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// One installation: its data folder, held by this process alone, and its secrets in a folder
/// outside of it, so that a copy of the data folder is not a copy of the installation.
///
/// `<data>/installation` names it; `<secrets root>/<id>/` (0700) has `installation.json` with its
/// epoch and serial keys, and the master keys. Both are made at the first start. A data folder
/// whose secrets are not here is refused, and so is a copy beside the original ([DataFolder]);
/// nothing is made then.
public final class Installation implements AutoCloseable {
  private static final List<String> CONTENT = List.of("keys", "ledger", "postgres");
  private static final int ID_BYTES = 16;

  private final Path dataDir;
  private final Path secretsDir;
  private final SecretFiles files;
  // Replaced when an epoch is opened, before anything else uses it.
  private InstallationSecrets secrets;
  private final String bootId;
  private final List<FolderLock> locks;

  private Installation(
      Path dataDir,
      Path secretsDir,
      SecretFiles files,
      InstallationSecrets secrets,
      String bootId,
      List<FolderLock> locks) {
    this.dataDir = dataDir;
    this.secretsDir = secretsDir;
    this.files = files;
    this.secrets = secrets;
    this.bootId = bootId;
    this.locks = List.copyOf(locks);
  }

  /// Opens the installation of a data folder, and makes both at the first start.
  ///
  /// @throws KeysException FOLDER_IN_USE, SECRETS_MISSING, SECRETS_EXPOSED, INSTALLATION_DAMAGED,
  ///   STORE_UNAVAILABLE
  public static Installation open(Path dataDir, Path secretsRoot, Clock clock) {
    return open(dataDir, secretsRoot, clock, new PosixFiles(), new SecureRandom());
  }

  static Installation open(
      Path dataDir, Path secretsRoot, Clock clock, SecretFiles files, SecureRandom random) {
    var data = dataDir.toAbsolutePath().normalize();
    var root = secretsRoot.toAbsolutePath().normalize();
    if (root.startsWith(data)) {
      throw new KeysException(
          KeysException.Code.INSTALLATION_DAMAGED,
          "expected the secrets folder outside of the data folder "
              + data
              + ", came "
              + root
              + "; a copy of the data would carry the keys along");
    }
    try {
      files.makeFolder(data);
      DataFolder.requireRestored(data);
      var lock = DataFolder.lock(data);
      try {
        return open(data, root, clock, lock, new Opening(files, random));
      } catch (RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (UncheckedIOException e) {
      throw KeysException.ofDisk(e);
    }
  }

  /// Opens the data folder that a restore is filling. While the file `restoring` stands there no
  /// server starts on it.
  ///
  /// @param archived the installation file as it was backed up; its serial keys are taken over
  public static Installation openRestoring(
      Path dataDir, Path secretsRoot, byte[] archived, Clock clock) {
    var files = new PosixFiles();
    var data = dataDir.toAbsolutePath().normalize();
    try {
      files.makeFolder(data);
      var old = InstallationSecrets.ofArchive(archived);
      var secretsDir = secretsRoot.toAbsolutePath().normalize().resolve(old.id());
      files.makeFolder(secretsDir);
      old.mergeInto(files, secretsDir);
      files.write(DataFolder.restoring(data), old.mark());
      files.write(DataFolder.mark(data), old.mark());
      var lock = DataFolder.lock(data);
      try {
        var opening = new Opening(files, new SecureRandom());
        return open(data, secretsRoot.toAbsolutePath().normalize(), clock, lock, opening);
      } catch (RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (UncheckedIOException e) {
      throw KeysException.ofDisk(e);
    }
  }

  /// Says that the restore of this data folder is done: a server may start.
  public void restored() {
    files.delete(DataFolder.restoring(dataDir));
  }

  /// Opens a new epoch: serials are made under a new key from the next start on; the old ones are
  /// known still. Durable when it returns.
  public void openEpoch(SecureRandom random) {
    secrets = secrets.withEpoch(random);
    secrets.write(files, secretsDir);
    files.write(DataFolder.mark(dataDir), secrets.mark());
  }

  /// What a backup keeps of the installation file, serial keys too.
  public byte[] forArchive() {
    return secrets.bytes();
  }

  /// Where the secrets of installations are unless told otherwise: `/etc/ingam` for root, else
  /// `~/.config/ingam`.
  public static Path defaultSecretsRoot() {
    return System.getProperty("user.name").equals("root")
        ? Path.of("/etc/ingam")
        : Path.of(System.getProperty("user.home"), ".config", "ingam");
  }

  private static Installation open(
      Path data, Path root, Clock clock, FolderLock lock, Opening opening) {
    var mark = DataFolder.mark(data);
    if (!Files.exists(mark)) {
      opening.make(data, root, mark, clock);
    }
    var marked = opening.files.read(mark);
    var id = InstallationSecrets.idOf(marked, mark);
    var secretsDir = root.resolve(id);
    var secrets = InstallationSecrets.read(opening.files, secretsDir, data, id);
    secrets.requireEpochOf(marked, mark);
    var claimed = new DataFolder(data, id).claim(secretsDir, opening.files);
    try {
      // Of a first release, or of a process that ended between the two writes of a new epoch.
      if (!MessageDigest.isEqual(marked, secrets.mark())) {
        opening.files.write(mark, secrets.mark());
      }
      BackupKey.make(secretsDir, opening.files, opening.random);
    } catch (RuntimeException e) {
      claimed.close();
      throw e;
    }
    return new Installation(
        data, secretsDir, opening.files, secrets, BootId.current(), List.of(lock, claimed));
  }

  /// 32 hexadecimal digits.
  public String id() {
    return secrets.id();
  }

  /// Grows when a restored installation starts anew; 1 at first.
  public int epoch() {
    return secrets.epoch();
  }

  public Path dataDir() {
    return dataDir;
  }

  public Path secretsDir() {
    return secretsDir;
  }

  /// The keys that authenticate serials, 16 bytes each, newest first; copies.
  public List<byte[]> serialKeys() {
    return secrets.serialKeys();
  }

  /// Another one after each start of the machine.
  public String bootId() {
    return bootId;
  }

  /// Lets another process open the data folder.
  @Override
  public void close() {
    locks.forEach(FolderLock::close);
  }

  @Override
  public String toString() {
    return "Installation[" + secrets.id() + "]";
  }

  private record Opening(SecretFiles files, SecureRandom random) {
    /// The secrets first: a broken-off first start leaves a folder of secrets that nothing names.
    void make(Path data, Path root, Path mark, Clock clock) {
      for (var name : CONTENT) {
        if (Files.exists(data.resolve(name))) {
          throw new KeysException(
              KeysException.Code.INSTALLATION_DAMAGED,
              "expected the file " + mark + " beside " + name + "/; it is missing; restore it");
        }
      }
      var bytes = new byte[ID_BYTES];
      random.nextBytes(bytes);
      var id = HexFormat.of().formatHex(bytes);
      files.makeFolder(root.resolve(id));
      var secrets = InstallationSecrets.make(id, random, clock);
      secrets.write(files, root.resolve(id));
      files.write(mark, secrets.mark());
    }
  }

  /// The kernel's id of this boot; elsewhere the start of process 1, else one that never repeats,
  /// which is the careful answer: it says that the machine may have lost what was not synced.
  private static final class BootId {
    private static final Path LINUX = Path.of("/proc/sys/kernel/random/boot_id");

    static String current() {
      try (Stream<String> lines = Files.lines(LINUX)) {
        return lines.findFirst().orElseGet(BootId::elsewhere).strip();
      } catch (java.io.IOException | UncheckedIOException _) {
        return elsewhere();
      }
    }

    private static String elsewhere() {
      return ProcessHandle.of(1)
          .flatMap(first -> first.info().startInstant())
          .map(start -> "start-" + start.getEpochSecond())
          .orElseGet(() -> "process-" + java.util.UUID.randomUUID());
    }
  }
}
