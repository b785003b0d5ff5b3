package dev.ingam.issuance.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/// Closes books under their root when they are due, and drops them when nobody can need them.
final class Archive {
  /// No token lives as long; an expiry further away is damage.
  private static final Duration LONGEST = Duration.ofDays(1);

  private final Path folder;
  private final BookDirectory directory;
  private final Surroundings around;

  Archive(Path folder, BookDirectory directory, Surroundings around) {
    this.folder = folder;
    this.directory = directory;
    this.around = around;
  }

  /// Seals this book when it is due: full and settled, or all its tokens expired.
  void sealIfDue(Book book) throws IOException {
    var intake = book.intake();
    if (intake == null) {
      sealOlder(book);
    } else if (isSealable(intake)
        && (intake.next() == book.slots().count() || past(expiry(book, intake)))) {
      seal(book);
    }
  }

  private boolean isSealable(Intake intake) {
    boolean synced = !around.options().sync() || intake.mark() == intake.next();
    return synced && intake.isClosed() && !intake.isBroken() && intake.isSettled();
  }

  /// Seals a book of this process that is closed, settled and synced, whether due or not.
  void seal(Book book) throws IOException {
    var intake = book.intake();
    if (intake != null && isSealable(intake)) {
      seal(book, intake.next(), expiry(book, intake));
    }
  }

  private static Instant expiry(Book book, Intake intake) {
    return Instant.ofEpochSecond(
        Math.max(intake.lastExpiry(), book.row().created().getEpochSecond()));
  }

  private void sealOlder(Book book) throws IOException {
    if (!past(book.row().created().plus(around.options().bookAge()))) {
      return;
    }
    int count = book.slots().used(book.mark());
    var last = lastExpiry(book, count);
    if (past(last)) {
      seal(book, count, last);
    }
  }

  private Instant lastExpiry(Book book, int count) {
    var slots = book.slots();
    long latest = book.row().created().getEpochSecond();
    long limit = around.clock().instant().plus(LONGEST).getEpochSecond();
    for (int slot = 0; slot < count; slot++) {
      long expiry = Integer.toUnsignedLong(slots.expiry(slot));
      if (SlotWord.holdsEntry(slots.word(slot)) && expiry <= limit) {
        latest = Math.max(latest, expiry);
      }
    }
    return Instant.ofEpochSecond(latest);
  }

  private void seal(Book book, int count, Instant lastExpiry) throws IOException {
    var row = book.row().sealed(count, Seal.root(book, count), lastExpiry);
    if (!directory.change(row)) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "expected the directory to hold %s at version %d, it holds another",
              book.row(),
              book.row().version()));
    }
    book.sealed(row);
    book.file().cut(count);
  }

  /// Whether all of this book may be forgotten.
  boolean isForgettable(BookRow row) {
    var last = row.lastExpiry();
    var end = last == null ? row.created().plus(around.options().bookAge()).plus(LONGEST) : last;
    return past(end.plus(around.options().retention()));
  }

  /// Deletes the files of a sealed book, then says so in the directory. The caller has taken the
  /// book off the shelf.
  void drop(Book book) throws IOException {
    book.file().close();
    around.disk().delete(BookFile.path(folder, book.number(), BookFile.BOOK));
    around.disk().delete(BookFile.path(folder, book.number(), BookFile.JOURNAL));
    directory.change(book.row().dropped());
  }

  /// Forgets a book that could not be read; what there is of its files stays for whoever looks into
  /// it.
  void forget(Volume.Unreadable volume) {
    directory.change(volume.row().dropped());
  }

  private boolean past(Instant time) {
    return around.clock().instant().isAfter(time.plus(around.options().skew()));
  }
}
