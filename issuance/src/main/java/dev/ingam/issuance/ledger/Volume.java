package dev.ingam.issuance.ledger;

/// A book as far as it is at hand: open, or not readable.
sealed interface Volume permits Volume.Unreadable, Book {
  int number();

  /// A book that nothing can be read from; everything in it is answered alike.
  record Unreadable(BookRow row, Finding finding) implements Volume {
    @Override
    public int number() {
      return row.number();
    }

    LedgerStatus.BookStatus status() {
      return new LedgerStatus.BookStatus(
          number(),
          LedgerStatus.Condition.UNREADABLE,
          row.count(),
          0,
          true,
          finding == Finding.DAMAGED);
    }
  }
}
