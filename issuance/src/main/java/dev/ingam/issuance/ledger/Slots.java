package dev.ingam.issuance.ledger;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The slots of a mapped book: digest 16, tag 8, expiry 4, word 4, all most significant byte first.
///
/// A slot is written by the one thread that claimed it and published by a release of its word;
/// readers acquire the word before they read the rest.
final class Slots {
  static final int BYTES = 32;

  private static final VarHandle LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN).varHandle();
  private static final VarHandle INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN).varHandle();
  private static final int LOW = 8;
  private static final int TAG = 16;
  private static final int EXPIRY = 24;
  private static final int WORD = 28;

  private final MemorySegment file;
  private final int count;

  /// @param file the whole book
  /// @param count slots that the file holds
  Slots(MemorySegment file, int count) {
    this.file = file;
    this.count = count;
  }

  int count() {
    return count;
  }

  int word(int slot) {
    return (int) INT.getAcquire(file, at(slot) + WORD);
  }

  boolean change(int slot, int from, int to) {
    return INT.compareAndSet(file, at(slot) + WORD, from, to);
  }

  void publish(int slot, int word) {
    INT.setRelease(file, at(slot) + WORD, word);
  }

  void write(int slot, long digestHigh, long digestLow, long tag, int expiry) {
    long at = at(slot);
    LONG.set(file, at, digestHigh);
    LONG.set(file, at + LOW, digestLow);
    LONG.set(file, at + TAG, tag);
    INT.set(file, at + EXPIRY, expiry);
  }

  long digestHigh(int slot) {
    return (long) LONG.get(file, at(slot));
  }

  long digestLow(int slot) {
    return (long) LONG.get(file, at(slot) + LOW);
  }

  long tag(int slot) {
    return (long) LONG.get(file, at(slot) + TAG);
  }

  int expiry(int slot) {
    return (int) INT.get(file, at(slot) + EXPIRY);
  }

  /// Whether all but the word is zero.
  boolean blank(int slot) {
    return (digestHigh(slot) | digestLow(slot) | tag(slot) | expiry(slot)) == 0;
  }

  /// Copies the slot, as it stands, to the target.
  void copy(int slot, byte[] target, int to) {
    MemorySegment.copy(file, ValueLayout.JAVA_BYTE, at(slot), target, to, BYTES);
  }

  /// One more than the last slot from `from` on that is not empty; `from` when all are.
  int used(int from) {
    for (int slot = count - 1; slot >= from; slot--) {
      if (word(slot) != SlotWord.EMPTY || !blank(slot)) {
        return slot + 1;
      }
    }
    return from;
  }

  /// Where a slot stands in the file.
  static long at(int slot) {
    return BookHeader.BYTES + (long) slot * BYTES;
  }
}
