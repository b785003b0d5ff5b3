package dev.ingam.issuance.ledger;

import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Makes new books: number, key, files full of zeros, row in the directory.
///
/// The files get their names only when the row is there, so a crash leaves files without a row as
/// `.new`, and a row without files as a book that was never used.
final class BookMaker {
  /// Under which book keys are wrapped.
  static final String KEY_CONTEXT = "ledger book key";

  private static final int TRIES = 8;

  private final LedgerFolder folder;
  private final LedgerSecrets secrets;
  private final SerialKeys serials;
  private final BookDirectory directory;
  private final Surroundings around;

  private long generation;

  /// @param generation of the last book of this node
  BookMaker(
      LedgerFolder folder,
      LedgerSecrets secrets,
      BookDirectory directory,
      Surroundings around,
      long generation) {
    this.folder = folder;
    this.secrets = secrets;
    this.directory = directory;
    this.around = around;
    this.generation = generation;
    serials = around.reading().serials();
  }

  /// A book ready to be filled; its row is durable, its files are after [#ground(Book)]. One thread
  /// at a time.
  ///
  /// @throws IOException when the disk refuses; nothing is left then
  Book make() throws IOException {
    for (int attempt = 0; attempt < TRIES; attempt++) {
      byte[] secret = new byte[BookKey.BYTES];
      secrets.random().nextBytes(secret);
      var row = row(secrets.random().nextInt(), secret);
      var book = make(row, new BookKey(secret));
      if (book != null) {
        generation = row.generation();
        return book;
      }
    }
    throw new IOException(
        String.format(
            Locale.ROOT, "expected a free book number within %d tries, found none", TRIES));
  }

  private BookRow row(int number, byte[] secret) {
    var options = around.options();
    return new BookRow(
        number,
        options.node(),
        generation + 1,
        around.clock().instant().truncatedTo(ChronoUnit.SECONDS),
        options.bootId(),
        secrets.wrapper().wrap(KEY_CONTEXT, secret),
        options.bookSlots(),
        BookRow.State.OPEN,
        0,
        null,
        null,
        1);
  }

  private @Nullable Book make(BookRow row, BookKey key) throws IOException {
    var file = BookFile.create(folder.books(), row, around.options().journal(), around.disk());
    boolean added = false;
    try {
      var book = book(row, key, file);
      added = directory.add(row);
      if (added) {
        file.name(folder.books(), row.number());
        return book;
      }
    } catch (IOException | RuntimeException e) {
      try {
        unmake(file, row, added);
      } catch (IOException | RuntimeException more) {
        e.addSuppressed(more);
      }
      throw e;
    }
    unmake(file, row, false);
    return null;
  }

  /// Waits until the files of a new book are on the disk: only then can its mark rise.
  void ground(Book book) throws IOException {
    var intake = book.openIntake();
    if (intake.isGrounded()) {
      return;
    }
    if (around.options().sync()) {
      try {
        book.file().forceAll();
        around.disk().forceFolder(folder.books());
      } catch (IOException e) {
        intake.giveUp();
        throw e;
      }
    }
    intake.ground();
  }

  /// Takes back what was made of a book that nobody used.
  private void unmake(BookFile file, BookRow row, boolean added) throws IOException {
    file.discard(folder.books(), row.number());
    if (added) {
      directory.change(row.dropped());
    }
  }

  /// Takes back a book that was made and not used.
  void unmake(Book book) throws IOException {
    unmake(book.file(), book.row(), true);
  }

  private Book book(BookRow row, BookKey key, BookFile file) {
    var header = new BookHeader(file.book(), key);
    header.identify(row);
    var condition =
        new BookHeader.Condition(
            1, Names.hash(around.options().bootId()), 0, false, BookHeader.Trust.WHOLE, 0, 0);
    header.write(condition);
    var rows = file.journal();
    if (rows != null) {
      new Journal(rows, 0).identify(row);
    }
    var parts = new Book.Parts(row, key, file, header, condition);
    return new Book(parts, new Intake(parts, serials), around.reading());
  }
}
