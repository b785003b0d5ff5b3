package dev.ingam.keys.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Files on a POSIX file system: a new file beside the old one, synced, renamed over it, folder
/// synced; then the old content is overwritten with zeros. On a disk that writes elsewhere (flash,
/// copy on write) old blocks may outlive that: what is in these files is encrypted under a key of
/// another file.
public final class PosixFiles implements SecretFiles {
  private static final int LARGEST = 4 << 20;
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final FileAttribute<?> FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final Set<PosixFilePermission> OWNERS =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  @Override
  public void makeFolder(Path folder) {
    try {
      if (Files.isDirectory(folder)) {
        return;
      }
      var there = parent(folder);
      while (!Files.isDirectory(there)) {
        there = parent(there);
      }
      Files.createDirectories(folder, FOLDER);
      syncUpTo(there, parent(folder));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the folder " + folder, e);
    }
  }

  @Override
  public void write(Path file, byte[] content) {
    var fresh = file.resolveSibling("." + file.getFileName() + ".new");
    try {
      if (content.length > LARGEST) {
        throw new IOException("expected at most " + LARGEST + " bytes, came " + content.length);
      }
      Files.deleteIfExists(fresh);
      writeNew(fresh, content);
      try (var old = openOld(file)) {
        Files.move(
            fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(parent(file));
        if (old != null) {
          overwrite(old);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  @Override
  public byte[] read(Path file) {
    try {
      var permissions = Files.getPosixFilePermissions(file);
      if (!OWNERS.containsAll(permissions)) {
        throw new ExposedFileException(
            file
                + " may be read by its owner only (0600); it is "
                + PosixFilePermissions.toString(permissions)
                + "; find out who could read it, then: chmod 600 "
                + file);
      }
      if (Files.size(file) > LARGEST) {
        throw new IOException(file + " is larger than " + LARGEST + " bytes");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  @Override
  public void delete(Path file) {
    try {
      try (var old = openOld(file)) {
        if (old == null) {
          return;
        }
        Files.deleteIfExists(file);
        sync(parent(file));
        overwrite(old);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file, e);
    }
  }

  private static void writeNew(Path file, byte[] content) throws IOException {
    var options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (var channel =
        FileChannel.open(file, options, PosixFilePermissions.asFileAttribute(FILE))) {
      writeAll(channel, ByteBuffer.wrap(content));
      channel.force(true);
    }
  }

  private static @Nullable FileChannel openOld(Path file) throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static void overwrite(FileChannel old) throws IOException {
    writeAll(old, ByteBuffer.allocate(Math.toIntExact(Math.min(old.size(), LARGEST))));
    old.force(true);
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static void sync(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// The entry of each folder that was made is in the one above it.
  private static void syncUpTo(Path there, Path folder) throws IOException {
    var made = folder;
    sync(made);
    while (!made.equals(there)) {
      made = parent(made);
      sync(made);
    }
  }

  private static Path parent(Path path) {
    var parent = path.toAbsolutePath().getParent();
    return parent == null ? path : parent;
  }
}
