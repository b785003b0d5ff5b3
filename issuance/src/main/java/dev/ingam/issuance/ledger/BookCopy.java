package dev.ingam.issuance.ledger;

import dev.ingam.issuance.ledger.BookHeader.Trust;
import dev.ingam.issuance.ledger.IssuanceException.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// A book of a running ledger as a backup keeps it: what was settled when the copy began, under a
/// header that says that later redemptions are not in it. So whoever opens the copy refuses its
/// single-use tokens, honours its others, and says of all that came later that he does not know.
///
/// Written piece by piece while tokens are entered and redeemed; takes no lock. A book that is
/// dropped meanwhile breaks the copy off.
public final class BookCopy {
  private static final int PIECE = 1 << 16;

  private final Book book;
  private final byte[] header;
  private final int count;

  private BookCopy(Book book, byte[] header, int count) {
    this.book = book;
    this.header = header;
    this.count = count;
  }

  /// @throws IssuanceException LEDGER_UNAVAILABLE when the book's header cannot be believed
  static BookCopy of(Book book) {
    var bytes = book.file().book().asSlice(0, BookHeader.BYTES).toArray(ValueLayout.JAVA_BYTE);
    var copied = new BookHeader(MemorySegment.ofArray(bytes), book.key());
    var condition = copied.condition();
    if (condition == null) {
      throw new IssuanceException(
          Kind.LEDGER_UNAVAILABLE,
          "expected the header of book "
              + BookRow.name(book.number())
              + " as it was written; it is damaged");
    }
    var trust = condition.trust() == Trust.BEHIND ? Trust.BEHIND : Trust.DOUBTFUL;
    copied.write(condition.taken(condition.boot(), trust));
    var row = book.row();
    int count =
        row.state() == BookRow.State.SEALED
            ? row.count()
            : book.intake() == null ? book.slots().used(condition.mark()) : condition.mark();
    return new BookCopy(book, bytes, count);
  }

  /// Its number as in file names.
  public String name() {
    return BookRow.name(book.number());
  }

  /// The size that the file of a book that was not sealed must have; zeros behind what is copied.
  public long bookSize() {
    return Slots.at(book.row().slots());
  }

  /// As above, of the journal.
  public long journalSize() {
    return Journal.at(book.row().slots());
  }

  public void writeBook(OutputStream out) throws IOException {
    out.write(header);
    write(book.file().book(), BookHeader.BYTES, Slots.at(count), out);
  }

  /// Writes the journal; nothing when there is none.
  public void writeJournal(OutputStream out) throws IOException {
    @Nullable MemorySegment rows = book.file().journal();
    if (rows != null) {
      write(rows, 0, Journal.at(count), out);
    }
  }

  private void write(MemorySegment file, long from, long to, OutputStream out) throws IOException {
    var piece = new byte[PIECE];
    for (long at = from; at < to; at += PIECE) {
      int length = (int) Math.min(PIECE, to - at);
      try {
        MemorySegment.copy(file, ValueLayout.JAVA_BYTE, at, piece, 0, length);
      } catch (IllegalStateException | InternalError e) {
        throw new IOException("book " + name() + " was dropped while it was copied; repeat", e);
      }
      out.write(piece, 0, length);
    }
  }
}
