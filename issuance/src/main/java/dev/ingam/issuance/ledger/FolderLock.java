package dev.ingam.issuance.ledger;

import dev.ingam.issuance.ledger.IssuanceException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Keeps a second ledger off the folder for as long as it is held.
final class FolderLock implements AutoCloseable {
  private static final String FILE = "lock";

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  static FolderLock take(Path folder) throws IOException {
    var channel =
        FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
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
