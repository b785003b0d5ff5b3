package dev.ingam.keys.archive;

import dev.ingam.keys.disk.SecretFiles;
import dev.ingam.wire.Base64Url;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/// The key under which backups are encrypted: 32 bytes in a file beside the master keys, outside
/// the data folder. Whoever loses it has no backup; whoever holds it, and an archive, reads
/// customers' log-ins and journals, and no signing key.
public final class BackupKey {
  private static final String FILE = "backup.key";
  private static final int BYTES = 32;
  private static final int ID_BYTES = 8;

  private final byte[] key;

  /// @param key 32 bytes
  public BackupKey(byte[] key) {
    if (key.length != BYTES) {
      throw new IllegalArgumentException("expected a backup key of 32 bytes");
    }
    this.key = key.clone();
  }

  /// Where the key of an installation is.
  public static Path file(Path secretsDir) {
    return secretsDir.resolve(FILE);
  }

  /// Makes the key at the first start; nothing when it is there.
  public static void make(Path secretsDir, SecretFiles files, SecureRandom random) {
    var file = file(secretsDir);
    if (!Files.exists(file)) {
      var key = new byte[BYTES];
      random.nextBytes(key);
      var line = Base64Url.encode(key) + "\n";
      files.write(file, line.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /// Reads the key in a file.
  ///
  /// @throws ArchiveException WRONG_KEY when there is none in it
  public static BackupKey read(Path file, SecretFiles files) throws ArchiveException {
    if (Files.exists(file)) {
      var line = new String(files.read(file), StandardCharsets.US_ASCII).strip();
      var key = Base64Url.decode(line);
      if (key != null && key.length == BYTES) {
        return new BackupKey(key);
      }
    }
    throw new ArchiveException(
        ArchiveException.Reason.WRONG_KEY,
        "expected a backup key, one line of 32 bytes in base64url, in "
            + file
            + "; there is none; name the right file with --key");
  }

  /// What names this key in an archive; says nothing about it.
  public String id() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update("ingam backup key 1".getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(key), ID_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("expected SHA-256 of the JDK", e);
    }
  }

  /// The key of one archive: another one for each header.
  SecretKey of(ArchiveHeader header) throws GeneralSecurityException {
    var parameters =
        HKDFParameterSpec.ofExtract()
            .addIKM(key)
            .addSalt(header.salt())
            .thenExpand(header.bytes(), BYTES);
    return KDF.getInstance("HKDF-SHA256").deriveKey("AES", parameters);
  }

  @Override
  public String toString() {
    return "BackupKey[" + id() + "]";
  }
}
