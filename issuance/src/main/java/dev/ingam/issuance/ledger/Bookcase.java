package dev.ingam.issuance.ledger;

import dev.ingam.issuance.ledger.IssuanceException.Kind;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The books in use: all at hand, the one that tokens are entered in, and the spare that follows
/// it. Finding a book takes no lock; whatever changes the set holds `changing`.
final class Bookcase {
  private static final long SPARE_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Surroundings around;
  private final BookMaker maker;
  private final Archive archive;
  private final Sync sync;
  private final ReentrantLock changing = new ReentrantLock();
  private final Condition spareWanted = changing.newCondition();
  private final Condition spareMade = changing.newCondition();
  private final ReentrantLock making = new ReentrantLock();
  private final ReentrantLock maintaining = new ReentrantLock();

  // Written under `changing`.
  private volatile Shelf shelf;
  private volatile Book current;
  private volatile @Nullable Book spare;
  private volatile boolean closed;
  private Instant begun;
  private boolean makingFailed;

  /// @param older books of earlier processes and other nodes
  /// @param first the new book to enter in
  Bookcase(Surroundings around, List<Volume> older, Book first, Workers workers) {
    this.around = around;
    maker = workers.maker();
    archive = workers.archive();
    sync = workers.sync();
    shelf = Shelf.of(older).with(first);
    current = first;
    begun = around.clock().instant();
  }

  /// Who does the work on books.
  record Workers(BookMaker maker, Archive archive, Sync sync) {}

  Book current() {
    return current;
  }

  @Nullable Volume find(int number) {
    return shelf.find(number);
  }

  List<Volume> volumes() {
    return shelf.volumes();
  }

  boolean hasSpare() {
    return spare != null;
  }

  boolean isClosed() {
    return closed;
  }

  long syncLagMillis() {
    return sync.lagMillis();
  }

  /// Makes that a slot can be taken again after there was none in this book.
  void makeRoom(Book exhausted) {
    changing.lock();
    try {
      if (closed) {
        throw unavailable("expected an open ledger, it is closed", null);
      }
      if (current != exhausted) {
        return;
      }
      if (exhausted.openIntake().finished()) {
        beginNext(exhausted);
      } else {
        extend(exhausted.openIntake());
      }
    } finally {
      changing.unlock();
    }
  }

  private void extend(Intake intake) {
    try {
      intake.extend();
    } catch (IOException e) {
      throw unavailable("expected room for the journal, the disk refused; make room", e);
    }
  }

  /// Waits for the next book and begins it, unless another who waited did.
  private void beginNext(Book exhausted) {
    awaitSpare(exhausted);
    if (current != exhausted && !closed) {
      return;
    }
    var made = spare;
    if (made == null || closed) {
      throw unavailable("expected the next book, it could not be made; see `ingam status`", null);
    }
    begin(made);
  }

  private void awaitSpare(Book exhausted) {
    long left = SPARE_WAIT_NANOS;
    spareWanted.signal();
    try {
      while (current == exhausted && spare == null && !makingFailed && !closed && left > 0) {
        left = spareMade.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void begin(Book next) {
    var old = current;
    current = next;
    old.openIntake().close();
    spare = null;
    begun = around.clock().instant();
    spareWanted.signal();
  }

  /// Waits until a spare is wanted, and makes it. For the thread that does nothing else.
  void makeSpareWhenWanted() {
    changing.lock();
    try {
      while (!closed && (spare != null || makingFailed)) {
        spareWanted.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } finally {
      changing.unlock();
    }
    makeSpare();
    groundAll();
  }

  /// Waits until the files of all new books are on the disk. Nobody waits for this but the mark.
  void groundAll() {
    making.lock();
    try {
      for (Volume volume : shelf.volumes()) {
        if (volume instanceof Book book && book.intake() != null && !book.isBroken()) {
          maker.ground(book);
        }
      }
    } catch (IOException | RuntimeException e) {
      sync.raiseFailed(e);
    } finally {
      making.unlock();
    }
  }

  private void makeSpare() {
    making.lock();
    try {
      if (!closed && spare == null) {
        var made = maker.make();
        around.alarms().clear("no_spare_book");
        offer(made);
      }
    } catch (IOException | RuntimeException e) {
      around
          .alarms()
          .raise(
              "no_spare_book",
              "The next book could not be made: " + e.getMessage(),
              "Make room on the disk of the data folder and see that the database answers; it is"
                  + " tried again each second.");
      offer(null);
    } finally {
      making.unlock();
    }
  }

  private void offer(@Nullable Book made) {
    changing.lock();
    try {
      makingFailed = made == null;
      if (made != null) {
        shelf = shelf.with(made);
        spare = made;
      }
      spareMade.signalAll();
    } finally {
      changing.unlock();
    }
  }

  void lookAtClock() {
    around.reading().clock().look();
  }

  /// A round of the background sync.
  void sync() {
    try {
      sync.round(shelf.volumes(), current);
    } catch (RuntimeException | InternalError e) {
      around
          .alarms()
          .raise(
              "ledger_sync_failed", "The sync failed: " + e, "Check the disk of the data folder.");
    }
  }

  /// Everything that is due about once a second.
  void maintain() {
    if (!maintaining.tryLock()) {
      return;
    }
    try {
      if (closed) {
        return;
      }
      lookAtClock();
      makeSpare();
      groundAll();
      beginNextWhenOld();
      sync();
      boolean kept = true;
      for (Volume volume : shelf.volumes()) {
        kept &= keep(volume);
      }
      if (kept) {
        around.alarms().clear("book_keeping");
      }
    } finally {
      maintaining.unlock();
    }
  }

  private void beginNextWhenOld() {
    changing.lock();
    try {
      var next = spare;
      var old = begun.plus(around.options().bookAge());
      if (next != null
          && current.openIntake().next() > 0
          && !around.clock().instant().isBefore(old)) {
        begin(next);
      }
    } finally {
      changing.unlock();
    }
  }

  private boolean keep(Volume volume) {
    try {
      switch (volume) {
        case Book book -> keep(book);
        case Volume.Unreadable unreadable -> forgetWhenOld(unreadable);
      }
      return true;
    } catch (IOException | RuntimeException | InternalError e) {
      around
          .alarms()
          .raise(
              "book_keeping",
              String.format(
                  Locale.ROOT,
                  "Book %s could not be sealed or dropped: %s",
                  BookRow.name(volume.number()),
                  e),
              "See that disk and database answer; it is tried again each second.");
      return false;
    }
  }

  private void keep(Book book) throws IOException {
    if (book.isDamaged()) {
      around
          .alarms()
          .raise(
              "book_damaged",
              String.format(
                  Locale.ROOT,
                  "Book %s holds what the ledger did not write.",
                  BookRow.name(book.number())),
              "Damaged tokens are refused. Check the disk and who can write to the data folder.");
    }
    if (book.row().state() == BookRow.State.OPEN) {
      archive.sealIfDue(book);
    } else if (archive.isForgettable(book.row())) {
      remove(book);
      archive.drop(book);
    }
  }

  private void forgetWhenOld(Volume.Unreadable volume) {
    if (volume.finding() != Finding.FOREIGN_BOOK && archive.isForgettable(volume.row())) {
      archive.forget(volume);
      remove(volume);
    }
  }

  private void remove(Volume volume) {
    changing.lock();
    try {
      shelf = shelf.without(volume);
    } finally {
      changing.unlock();
    }
  }

  /// Hands out no slot and makes no book any more.
  void stop() {
    changing.lock();
    try {
      closed = true;
      current.openIntake().close();
      spareWanted.signalAll();
      spareMade.signalAll();
    } finally {
      changing.unlock();
    }
  }

  /// Lets what was reserved settle, seals, and leaves every book clean. After [#stop()], when no
  /// other thread works here any more but one that maintains, which is waited for.
  void close() {
    maintaining.lock();
    try {
      var volumes = shelf.volumes();
      groundAll();
      var closing = new Closing(around, archive, sync);
      closing.settle(volumes, current);
      closing.seal(volumes);
      clear();
      closing.letGo(volumes);
      sync.rememberClosed(current);
    } finally {
      maintaining.unlock();
    }
  }

  /// Lets go of every file as the death of the process would. After [#stop()].
  void abandon() throws IOException {
    var volumes = shelf.volumes();
    clear();
    for (Volume volume : volumes) {
      if (volume instanceof Book book) {
        book.file().close();
      }
    }
  }

  private void clear() {
    changing.lock();
    try {
      shelf = Shelf.of(List.of());
    } finally {
      changing.unlock();
    }
  }

  private static IssuanceException unavailable(String message, @Nullable Throwable cause) {
    return new IssuanceException(Kind.LEDGER_UNAVAILABLE, message, cause);
  }
}
