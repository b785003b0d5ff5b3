package dev.ingam.issuance.ledger;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The end of a ledger: everything settled, sealed and on the disk, and the headers say so.
final class Closing {
  private static final Logger LOG = LoggerFactory.getLogger(Closing.class);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Surroundings around;
  private final Archive archive;
  private final Sync sync;

  Closing(Surroundings around, Archive archive, Sync sync) {
    this.around = around;
    this.archive = archive;
    this.sync = sync;
  }

  /// Waits until what was reserved is entered or void, at most as long as signing may last.
  void settle(List<Volume> volumes, Book current) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Intake.SIGNING_MILLIS);
    while (!isSettled(volumes) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(this, PAUSE_NANOS);
    }
    for (Volume volume : volumes) {
      if (volume instanceof Book book && book.intake() != null) {
        attempt(book, book.openIntake()::voidReserved);
      }
    }
    sync.round(volumes, current);
  }

  private static boolean isSettled(List<Volume> volumes) {
    boolean settled = true;
    for (Volume volume : volumes) {
      if (volume instanceof Book book && book.intake() != null) {
        settled &= book.isBroken() || book.openIntake().isSettled();
      }
    }
    return settled;
  }

  /// Seals what this process opened; a book that was never used goes.
  void seal(List<Volume> volumes) {
    for (Volume volume : volumes) {
      if (volume instanceof Book book && book.intake() != null) {
        attempt(
            book,
            () -> {
              if (book.openIntake().next() == 0) {
                archive.drop(book);
              } else if (book.row().state() == BookRow.State.OPEN) {
                archive.seal(book);
              }
            });
      }
    }
  }

  /// Lets go of every file, on the disk first.
  void letGo(List<Volume> volumes) {
    for (Volume volume : volumes) {
      if (volume instanceof Book book) {
        attempt(
            book,
            () -> {
              try (var file = book.file()) {
                if (around.options().sync() && file.isOpen() && !book.isBroken()) {
                  file.closeClean(book.key(), book.cleanCondition());
                }
              }
            });
      }
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  /// A book that cannot be left clean is left as a killed process leaves it: nothing is lost by
  /// that.
  private static void attempt(Book book, Step step) {
    try {
      step.run();
    } catch (IOException | RuntimeException | InternalError e) {
      LOG.atWarn()
          .addKeyValue("book", BookRow.name(book.number()))
          .setCause(e)
          .log("book not closed cleanly");
    }
  }
}
