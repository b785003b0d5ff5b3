package dev.ingam.issuance.ledger;

import java.nio.ByteBuffer;

/// The Merkle root under which a book and its journal are closed.
///
/// A leaf is what a slot was when it was settled: later redemptions and revocations do not change
/// it.
final class Seal {
  static final int LEAF_BYTES = 2 * Integer.BYTES + Slots.BYTES + Journal.ROW_BYTES;

  private static final int STATE = 2 * Integer.BYTES + Slots.BYTES - 1;
  private static final int ROW = STATE + 1;

  private Seal() {}

  /// The root over the first `count` slots.
  static byte[] root(Book book, int count) {
    var tree = new MerkleTree();
    byte[] leaf = new byte[LEAF_BYTES];
    for (int slot = 0; slot < count; slot++) {
      fill(leaf, book, slot);
      tree.add(leaf);
    }
    return tree.root();
  }

  /// Book 4, slot 4, the slot's 32 bytes with the state of every entry written as entered, and the
  /// journal's row of 160.
  private static void fill(byte[] leaf, Book book, int slot) {
    ByteBuffer.wrap(leaf).putInt(book.number()).putInt(slot);
    book.slots().copy(slot, leaf, 2 * Integer.BYTES);
    if (SlotWord.holdsEntry(leaf[STATE] & 0xFF)) {
      leaf[STATE] = SlotWord.ENTERED;
    }
    var journal = book.journal();
    if (journal != null) {
      journal.copy(slot, leaf, ROW);
    }
  }
}
