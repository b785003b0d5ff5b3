package dev.ingam.keys.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The lock of a folder, for one process; the operating system frees it when the process dies. Its
/// file is its owner's alone: whoever may read it could hold it too, and keep a server from
/// starting.
public final class FolderLock implements AutoCloseable {
  private static final String FILE = "lock";
  private static final Set<OpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-------");

  private final Path file;
  private final FileChannel channel;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// Takes the lock of a folder that exists; null when somebody holds it.
  ///
  /// @throws UncheckedIOException when the disk refuses
  public static @Nullable FolderLock take(Path folder) {
    var file = folder.resolve(FILE);
    try {
      var channel = FileChannel.open(file, OPTIONS, PosixFilePermissions.asFileAttribute(MODE));
      Files.setPosixFilePermissions(file, MODE);
      if (locked(channel)) {
        return new FolderLock(file, channel);
      }
      channel.close();
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot lock " + file, e);
    }
  }

  /// Lets another process take it. Idempotent.
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot release " + file, e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }
}
