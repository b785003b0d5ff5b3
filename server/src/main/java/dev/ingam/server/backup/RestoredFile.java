package dev.ingam.server.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Writes one file of an archive, for its owner alone, and waits until it is on the disk.
final class RestoredFile {
  private static final int BUFFER = 1 << 17;
  private static final Set<StandardOpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private RestoredFile() {}

  /// @param size to which it is filled with zeros, really written: the ledger maps them
  static void write(Path file, long size, InputStream content) throws IOException {
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (var channel = FileChannel.open(file, NEW, owner)) {
      var buffer = new byte[BUFFER];
      long written = 0;
      for (int length = content.read(buffer); length >= 0; length = content.read(buffer)) {
        write(channel, ByteBuffer.wrap(buffer, 0, length));
        written += length;
      }
      var zeros = ByteBuffer.allocate(BUFFER);
      while (written < size) {
        zeros.clear().limit((int) Math.min(BUFFER, size - written));
        written += zeros.remaining();
        write(channel, zeros);
      }
      channel.force(true);
    }
  }

  private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
