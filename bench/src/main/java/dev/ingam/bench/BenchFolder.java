package dev.ingam.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The folder beside the distribution in which runs have theirs. One bench holds it at a time: two
/// would measure each other. Whoever holds it deletes what a bench that was killed left there.
record BenchFolder(Path path, FileChannel lock) implements AutoCloseable {
  private static final String LOCK = "lock";

  /// @throws BenchException when another bench runs
  static BenchFolder take(Path path) throws IOException {
    Files.createDirectories(path);
    var lock =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!isTaken(lock)) {
      lock.close();
      throw new BenchException(
          "Another bench runs in "
              + path
              + ", and each would measure the other; wait for its end, or stop it");
    }
    var folder = new BenchFolder(path, lock);
    folder.deleteLeftovers();
    return folder;
  }

  private static boolean isTaken(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private void deleteLeftovers() throws IOException {
    try (var left = Files.newDirectoryStream(path, Files::isDirectory)) {
      for (var folder : left) {
        new RunFolder(folder).close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
