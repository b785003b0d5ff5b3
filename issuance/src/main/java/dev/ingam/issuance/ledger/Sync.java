package dev.ingam.issuance.ledger;

import dev.ingam.issuance.ledger.PositionFile.Position;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The background work on the books of this process: voids what was never entered, keeps room
/// ahead, forces what is new, and remembers how far it has come.
final class Sync {
  private static final long POSITION_MILLIS = 1_000;

  private final Surroundings around;
  private final @Nullable PositionFile positionFile;
  private final ReentrantLock running = new ReentrantLock();

  // Owned by whoever holds the lock.
  private @Nullable Position remembered;
  private long rememberedAt;
  private long beat;
  private long behindSince = -1;
  private @Nullable IOException noRoom;
  private volatile long lag;

  Sync(Surroundings around, @Nullable PositionFile positionFile) {
    this.around = around;
    this.positionFile = positionFile;
  }

  /// One round. When one is running already it waits for it and makes another.
  ///
  /// @param books all at hand
  /// @param current the one in which tokens are entered
  void round(List<Volume> books, Book current) {
    running.lock();
    try {
      long now = around.clock().millis();
      boolean due = now - rememberedAt >= POSITION_MILLIS || now < rememberedAt;
      if (due && anyRedeemed(books)) {
        beat++;
      }
      boolean synced = true;
      noRoom = null;
      for (Volume volume : books) {
        if (volume instanceof Book book && book.intake() != null) {
          synced &= work(book.openIntake(), book == current, now);
        }
      }
      noteLag(now, synced);
      noteRoom(noRoom);
      if (due) {
        remember(current);
        rememberedAt = now;
      }
    } finally {
      running.unlock();
    }
  }

  private static boolean anyRedeemed(List<Volume> books) {
    boolean any = false;
    for (Volume volume : books) {
      any |= volume instanceof Book book && book.takeRedeemed();
    }
    return any;
  }

  /// Whether everything handed out in this book is below its mark, or never will be.
  private boolean work(Intake intake, boolean current, long now) {
    if (intake.isDone() || intake.isBroken()) {
      return true;
    }
    try {
      intake.voidOverdue(now);
      extend(intake);
      if (!around.options().sync()) {
        return true;
      }
      intake.sync(current ? beat : intake.beat());
      return intake.mark() == intake.next();
    } catch (IOException | InternalError e) {
      intake.giveUp();
      raiseFailed(e);
      return true;
    }
  }

  void raiseFailed(Throwable cause) {
    around
        .alarms()
        .raise(
            "ledger_sync_failed",
            "The disk refused to keep ledger entries: " + cause.getMessage(),
            "Tokens go on in another book. Check the disk of the data folder; the alarm ends with a"
                + " restart.");
  }

  private void extend(Intake intake) {
    try {
      intake.extendAhead();
    } catch (IOException e) {
      noRoom = e;
    }
  }

  private void noteRoom(@Nullable IOException refused) {
    if (refused == null) {
      around.alarms().clear("journal_space");
      return;
    }
    around
        .alarms()
        .raise(
            "journal_space",
            "There is no room for the journal: " + refused.getMessage(),
            "Make room on the disk of the data folder; it is tried again all the time.");
  }

  private void noteLag(long now, boolean synced) {
    if (synced) {
      behindSince = -1;
    } else if (behindSince < 0) {
      behindSince = now;
    }
    lag = synced ? 0 : now - behindSince;
  }

  /// Milliseconds for which some entry has not been below the mark.
  long lagMillis() {
    return lag;
  }

  private void remember(Book current) {
    try {
      rememberNow(current);
      around.alarms().clear("ledger_position");
    } catch (IOException e) {
      around
          .alarms()
          .raise(
              "ledger_position",
              "The ledger's position could not be kept: " + e.getMessage(),
              "Make the secrets folder writable; until then a restored data folder goes unseen.");
    }
  }

  /// Writes down how far this book has come on the disk.
  void rememberNow(Book current) throws IOException {
    var intake = current.intake();
    if (positionFile == null || intake == null) {
      return;
    }
    running.lock();
    try {
      var durable = intake.durable();
      var position =
          new Position(
              current.number(), current.row().generation(), durable.mark(), durable.beat());
      if (!position.equals(remembered)) {
        positionFile.write(position);
        remembered = position;
      }
    } finally {
      running.unlock();
    }
  }

  /// Writes down where the ledger ended, once all its books were closed.
  void rememberClosed(Book current) {
    remember(current);
  }
}
