package dev.ingam.server.postgres;

import dev.ingam.keys.disk.ExposedFileException;
import dev.ingam.keys.disk.SecretFiles;
import dev.ingam.server.start.Secret;
import dev.ingam.server.start.StartFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/// Passwords of the database roles, one file each in the secrets folder, made when first asked for.
final class Passwords {
  private static final int BYTES = 32;

  private final SecretFiles files;
  private final Path folder;
  private final SecureRandom random;

  Passwords(SecretFiles files, Path folder, SecureRandom random) {
    this.files = files;
    this.folder = folder;
    this.random = random;
  }

  /// @throws StartFailure when others may read the file
  Secret of(String role) {
    var file = folder.resolve("database-" + role + ".password");
    if (!Files.exists(file)) {
      var bytes = new byte[BYTES];
      random.nextBytes(bytes);
      var line = HexFormat.of().formatHex(bytes) + "\n";
      files.write(file, line.getBytes(StandardCharsets.US_ASCII));
    }
    try {
      return new Secret(new String(files.read(file), StandardCharsets.US_ASCII).strip());
    } catch (ExposedFileException e) {
      throw new StartFailure(
          "a password of the database that only its owner can read",
          file + " that others can read",
          "find out who could; chmod 600 it, or delete it and start again, which makes a new one",
          e);
    }
  }
}
