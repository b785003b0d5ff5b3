package dev.ingam.issuance.ledger;

import dev.ingam.wire.Serial;
import dev.ingam.wire.TokenDigest;

/// A book as far as it is at hand: open, or not readable.
sealed interface Volume permits Volume.Unreadable, Book {
  int number();

  Finding lookup(Serial serial, TokenDigest digest);

  Finding redeem(Serial serial, TokenDigest digest, boolean singleUse);

  /// A book that nothing can be read from; everything in it is answered alike.
  record Unreadable(BookRow row, Finding finding) implements Volume {
    @Override
    public int number() {
      return row.number();
    }

    @Override
    public Finding lookup(Serial serial, TokenDigest digest) {
      return finding;
    }

    @Override
    public Finding redeem(Serial serial, TokenDigest digest, boolean singleUse) {
      return finding;
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
