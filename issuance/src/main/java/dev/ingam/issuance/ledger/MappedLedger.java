package dev.ingam.issuance.ledger;

import dev.ingam.issuance.ledger.IssuanceException.Kind;
import dev.ingam.wire.Serial;
import dev.ingam.wire.SerialRange;
import dev.ingam.wire.TokenDigest;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The ledger in mapped files of this node.
///
/// The kernel keeps what is written to a mapped file when the process dies; a background thread
/// forces it to the disk for when the host dies. See `docs/spec/ledger-format.md` for every byte.
public final class MappedLedger implements Ledger {
  private final SerialKeys serials;
  private final LedgerOptions options;
  private final Alarms alarms;
  private final Bookcase books;
  private final FolderLock lock;
  private final Background background;

  MappedLedger(Surroundings around, Bookcase books, FolderLock lock) {
    serials = around.reading().serials();
    this.books = books;
    this.lock = lock;
    options = around.options();
    alarms = around.alarms();
    background = new Background(books);
    background.start();
  }

  /// Opens the ledger of this folder: a new book to enter in, and the older ones to redeem from.
  ///
  /// @throws IssuanceException when the folder is held by another process, or disk or directory
  ///   fail
  public static MappedLedger open(
      LedgerFolder folder,
      LedgerSecrets secrets,
      BookDirectory directory,
      Clock clock,
      LedgerOptions options) {
    var around = new Surroundings(options, clock, new Disk.Real(), secrets);
    return LedgerOpening.open(folder, secrets, directory, around);
  }

  @Override
  public Serial reserve() {
    try {
      while (true) {
        var book = books.current();
        var intake = book.openIntake();
        int slot = intake.take();
        if (slot >= 0) {
          return serials.serial(book.number(), slot);
        }
        books.makeRoom(book);
      }
    } catch (InternalError | IllegalStateException e) {
      throw unavailable("expected to reserve a slot, its file could not be used", e);
    }
  }

  @Override
  public void enter(Serial serial, Entry entry) {
    var book = opened(serial);
    try {
      book.openIntake().enter(serial, entry);
    } catch (InternalError e) {
      book.openIntake().giveUp();
      throw unavailable("expected to write an entry, its file could not be used", e);
    }
  }

  @Override
  public void cancel(Serial serial) {
    var book = opened(serial);
    try {
      book.openIntake().cancel(serial);
    } catch (InternalError e) {
      book.openIntake().giveUp();
      throw unavailable("expected to void a slot, its file could not be used", e);
    }
  }

  private Book opened(Serial serial) {
    if (books.isClosed() && books.find(serial.book()) == null) {
      throw closed();
    }
    if (serials.authentic(serial)
        && books.find(serial.book()) instanceof Book book
        && book.intake() != null) {
      return book;
    }
    throw new IllegalStateException("expected a serial reserved by this process, came another");
  }

  @Override
  public Finding lookup(Serial serial, TokenDigest digest) {
    var volume = books.find(serial.book());
    try {
      return volume instanceof Book book ? book.lookup(serial, digest) : notAtHand(serial, volume);
    } catch (InternalError | IllegalStateException e) {
      return unreadable(serial);
    }
  }

  @Override
  public Finding redeem(Serial serial, TokenDigest digest, boolean singleUse) {
    var volume = books.find(serial.book());
    try {
      return volume instanceof Book book
          ? book.redeem(serial, digest, singleUse)
          : notAtHand(serial, volume);
    } catch (InternalError | IllegalStateException e) {
      return unreadable(serial);
    }
  }

  @Override
  public void expect(Serial serial) {
    try {
      if (books.find(serial.book()) instanceof Book book) {
        book.expect(serial);
      }
    } catch (InternalError | IllegalStateException _) {
      // The file was cut, or the ledger closed: the question that follows says so.
    }
  }

  private Finding notAtHand(Serial serial, @Nullable Volume volume) {
    if (books.isClosed()) {
      throw closed();
    }
    if (!serials.authentic(serial)) {
      return Finding.FABRICATED;
    }
    return volume instanceof Volume.Unreadable(var row, var finding)
        ? finding
        : Finding.UNKNOWN_BOOK;
  }

  /// The mapping is gone: the file was cut under us, the book dropped, or the ledger closed.
  private Finding unreadable(Serial serial) {
    if (!serials.authentic(serial) || !(books.find(serial.book()) instanceof Book book)) {
      return notAtHand(serial, null);
    }
    book.giveUp();
    alarms.raise(
        "book_incomplete",
        String.format(
            Locale.ROOT,
            "The file of book %s was cut while it was in use.",
            BookRow.name(book.number())),
        "Its tokens are refused until they expire. Find out who cut it.");
    return Finding.INCOMPLETE_BOOK;
  }

  private static IssuanceException closed() {
    return new IssuanceException(Kind.LEDGER_UNAVAILABLE, "expected an open ledger, it is closed");
  }

  @Override
  public Finding revoke(Serial serial) {
    var volume = books.find(serial.book());
    try {
      return volume instanceof Book book
          ? book.revoke(serial, options.sync())
          : notAtHand(serial, volume);
    } catch (InternalError | IllegalStateException e) {
      return unreadable(serial);
    } catch (IOException e) {
      throw unavailable("expected the disk to keep a revocation, it did not; revoke again", e);
    }
  }

  /// The book is read before how far it has come: what is taken of it between the two is after the
  /// line, and so is all of a book begun since.
  @Override
  public Line drawLine() {
    var book = books.current();
    var line = new Line(book.row().generation(), book.openIntake().next());
    if (books.isClosed()) {
      throw closed();
    }
    return line;
  }

  @Override
  public boolean isBefore(Serial serial, Line line) {
    return !(books.find(serial.book()) instanceof Book book)
        || line.isAfter(book.row().generation(), serial.slot());
  }

  @Override
  public List<SerialRange> before(Line line) {
    return line.before(
        books.volumes().stream()
            .filter(Book.class::isInstance)
            .map(volume -> ((Book) volume).row())
            .toList());
  }

  @Override
  public Optional<EntryView> show(Serial serial) {
    if (!serials.authentic(serial) || !(books.find(serial.book()) instanceof Book book)) {
      return Optional.empty();
    }
    try {
      return book.show(serial);
    } catch (InternalError | IllegalStateException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<BookCopy> copy(int book) {
    try {
      return books.find(book) instanceof Book found
          ? Optional.of(BookCopy.of(found))
          : Optional.empty();
    } catch (InternalError | IllegalStateException e) {
      return Optional.empty();
    }
  }

  @Override
  public LedgerStatus status() {
    var list = new ArrayList<LedgerStatus.BookStatus>();
    var current = books.current();
    for (Volume volume : books.volumes()) {
      switch (volume) {
        case Book book -> list.add(book.status(book == current));
        case Volume.Unreadable unreadable -> {
          if (unreadable.finding() != Finding.FOREIGN_BOOK) {
            list.add(unreadable.status());
          }
        }
      }
    }
    var lag = Duration.ofMillis(books.syncLagMillis());
    return new LedgerStatus(list, books.hasSpare(), lag, alarms.list());
  }

  @Override
  public void maintain() {
    books.maintain();
  }

  @Override
  public void close() {
    background.close();
    books.close();
    lock.close();
  }

  /// Lets go of every file as the death of the process would: nothing is settled, sealed or forced.
  void abandon() throws IOException {
    background.close();
    books.abandon();
    lock.close();
  }

  private static IssuanceException unavailable(String message, Throwable cause) {
    return new IssuanceException(Kind.LEDGER_UNAVAILABLE, message, cause);
  }
}
