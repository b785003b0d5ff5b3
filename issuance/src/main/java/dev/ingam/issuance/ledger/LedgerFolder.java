package dev.ingam.issuance.ledger;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a ledger lives.
///
/// @param books folder of the books and journals, in the data folder
/// @param position file that remembers how far the ledger had come, outside the data folder; null
///   gives up seeing that an old copy of the folder was put back
/// @param floor the highest generation that a book is known to have had, whatever directory and
///   position say: a lost book's number is not used again
public record LedgerFolder(Path books, @Nullable Path position, long floor) {
  /// Of a ledger that lost no book.
  public LedgerFolder(Path books, @Nullable Path position) {
    this(books, position, 0);
  }
}
