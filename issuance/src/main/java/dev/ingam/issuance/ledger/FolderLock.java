package dev.ingam.issuance.ledger;

import dev.ingam.issuance.ledger.IssuanceException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Keeps a second ledger off the folder for as long as it is held. Its file is its owner's alone:
/// whoever may read it could hold it too.
final class FolderLock implements AutoCloseable {
  private static final String FILE = "lock";

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  static FolderLock take(Path folder) throws IOException {
    var file = folder.resolve(FILE);
    var mode = PosixFilePermissions.fromString("rw-------");
    var options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    var channel = FileChannel.open(file, options, PosixFilePermissions.asFileAttribute(mode));
    Files.setPosixFilePermissions(file, mode);
    boolean held;
    try {
      held = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      held = false;
    }
    if (!held) {
      channel.close();
      throw new IssuanceException(
          Kind.ALREADY_SERVED,
          "expected a ledger folder that nobody uses, another ledger holds it; stop the other"
              + " server");
    }
    return new FolderLock(channel);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IssuanceException(
          Kind.LEDGER_UNAVAILABLE, "expected to release the ledger's folder", e);
    }
  }
}
