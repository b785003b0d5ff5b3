package dev.ingam.issuance.ledger;

import dev.ingam.wire.SerialRange;
import java.util.List;

/// A line through the ledger's serials, drawn at one moment and with no clock in it: a serial
/// stands before it when it was reserved before.
///
/// @param generation of the book that was current
/// @param slot the first of that book that was not yet handed out, unsigned
public record Line(long generation, int slot) {
  public Line {
    if (generation < 1 || slot < 0) {
      throw new IllegalArgumentException("expected a generation from 1 and a slot from 0");
    }
  }

  /// Whether a slot of a book of this generation was handed out before.
  boolean isAfter(long bookGeneration, int bookSlot) {
    return bookGeneration < generation
        || (bookGeneration == generation && Integer.compareUnsigned(bookSlot, slot) < 0);
  }

  /// The serials before it in the books of these rows, the newest book first.
  List<SerialRange> before(List<BookRow> rows) {
    return rows.stream()
        .filter(row -> row.generation() <= generation)
        .sorted((one, other) -> Long.compare(other.generation(), one.generation()))
        .map(row ->
            row.generation() < generation
                ? SerialRange.whole(row.number())
                : new SerialRange(row.number(), slot))
        .toList();
  }
}
