package dev.ingam.server.postgres;

import dev.ingam.server.start.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/// Passwords of the database roles, one file (0600) each in the secrets folder, made when first
/// asked for.
final class Passwords {
  private static final int BYTES = 32;

  private final Path folder;
  private final SecureRandom random;

  Passwords(Path folder, SecureRandom random) {
    this.folder = folder;
    this.random = random;
  }

  Secret of(String role) throws IOException {
    var file = folder.resolve("database-" + role + ".password");
    if (!Files.exists(file)) {
      var bytes = new byte[BYTES];
      random.nextBytes(bytes);
      write(file, HexFormat.of().formatHex(bytes));
    }
    return new Secret(Files.readString(file).strip());
  }

  /// Writes a file that only its owner reads; whole or not at all.
  static void write(Path file, String text) throws IOException {
    var fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (var channel = FileChannel.open(fresh, options, mode)) {
      channel.write(ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    try (var directory = FileChannel.open(file.toAbsolutePath().getParent())) {
      directory.force(true);
    }
  }
}
