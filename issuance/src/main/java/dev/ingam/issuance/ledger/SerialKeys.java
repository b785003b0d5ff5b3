package dev.ingam.issuance.ledger;

import dev.ingam.wire.Serial;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The installation's serial keys, one per epoch: they make a serial authentic by itself.
final class SerialKeys {
  private final SipHash newest;
  private final SipHash[] older;

  SerialKeys(List<byte[]> newestFirst) {
    if (newestFirst.isEmpty()) {
      throw new IllegalArgumentException("expected at least one serial key, came none");
    }
    newest = new SipHash(newestFirst.getFirst());
    older = newestFirst.stream().skip(1).map(SipHash::new).toArray(SipHash[]::new);
  }

  Serial serial(int book, int slot) {
    return new Serial(book, slot, newest.ofLong(place(book, slot)));
  }

  /// Whether this serial was made here, in any epoch.
  boolean authentic(Serial serial) {
    long place = place(serial.book(), serial.slot());
    return newest.ofLong(place) == serial.check()
        || (older.length > 0 && authenticBefore(serial, place));
  }

  /// What a serial is that was not made for this book; null when it may have been. A book of this
  /// process holds serials of this epoch alone: one of an epoch before is of a book that was lost
  /// and had the same number.
  ///
  /// @param ofThisProcess whether the book is
  @Nullable Finding stranger(Serial serial, boolean ofThisProcess) {
    if (!authentic(serial)) {
      return Finding.FABRICATED;
    }
    boolean newer = newest.ofLong(place(serial.book(), serial.slot())) == serial.check();
    return newer || !ofThisProcess ? null : Finding.UNKNOWN_BOOK;
  }

  private boolean authenticBefore(Serial serial, long place) {
    boolean found = false;
    for (SipHash key : older) {
      found |= key.ofLong(place) == serial.check();
    }
    return found;
  }

  private static long place(int book, int slot) {
    return (long) book << 32 | (slot & 0xFFFF_FFFFL);
  }
}
