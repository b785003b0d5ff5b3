package dev.ingam.issuance.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Every write of the ledger that must reach the disk. A port, so that a test can let each of them
/// fail.
interface Disk {
  /// Makes a new file that its owner alone may read.
  FileChannel create(Path file) throws IOException;

  /// Writes zeros from one position to another, so that the space is really there.
  void zero(FileChannel file, long from, long to) throws IOException;

  /// Waits until this part of a mapped file is on the disk.
  void force(MemorySegment part) throws IOException;

  /// Waits until the file and its length are on the disk.
  void force(FileChannel file) throws IOException;

  /// Waits until the names in this folder are on the disk.
  void forceFolder(Path folder) throws IOException;

  /// Puts the content in the place of the file, at once and durably.
  void replace(Path file, byte[] content) throws IOException;

  /// Cuts the file to this length.
  void truncate(FileChannel file, long length) throws IOException;

  void delete(Path file) throws IOException;

  /// The real one.
  final class Real implements Disk {
    private static final int CHUNK = 4 << 20;
    private static final Set<StandardOpenOption> NEW =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);

    @Override
    public FileChannel create(Path file) throws IOException {
      var owner = PosixFilePermissions.fromString("rw-------");
      return FileChannel.open(file, NEW, PosixFilePermissions.asFileAttribute(owner));
    }

    @Override
    public void zero(FileChannel file, long from, long to) throws IOException {
      var zeros = ByteBuffer.allocateDirect((int) Math.min(CHUNK, Math.max(0, to - from)));
      long at = from;
      while (at < to) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), to - at));
        at += file.write(zeros, at);
      }
    }

    @Override
    public void force(MemorySegment part) throws IOException {
      try {
        part.force();
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }

    @Override
    public void force(FileChannel file) throws IOException {
      file.force(true);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
      try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }

    @Override
    public void replace(Path file, byte[] content) throws IOException {
      var fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(fresh);
      try (var channel = create(fresh)) {
        var bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      var folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        forceFolder(folder);
      }
    }

    @Override
    public void truncate(FileChannel file, long length) throws IOException {
      file.truncate(length);
    }

    @Override
    public void delete(Path file) throws IOException {
      Files.deleteIfExists(file);
    }
  }
}
