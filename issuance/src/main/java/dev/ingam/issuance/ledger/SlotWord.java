package dev.ingam.issuance.ledger;

/// The last four bytes of a slot: key index 2, flags 1, state 1. They change by compare-and-set.
///
/// The states differ from each other in four bits at least, so that up to three flipped ones are
/// seen.
final class SlotWord {
  static final int EMPTY = 0x00;
  static final int RESERVED = 0x0F;

  /// Being written by the one thread that took it from [#RESERVED]; lasts nanoseconds.
  static final int CLAIMED = 0x33;

  static final int ENTERED = 0x3C;
  static final int REDEEMED = 0x55;
  static final int REVOKED = 0x5A;
  static final int VOID = 0x66;

  static final int SINGLE_USE = 1;

  private static final int STATE = 0xFF;
  private static final int SINGLE_USE_BIT = SINGLE_USE << 8;

  private SlotWord() {}

  static int entered(int kidIndex, boolean singleUse) {
    return kidIndex << 16 | (singleUse ? SINGLE_USE_BIT : 0) | ENTERED;
  }

  static int state(int word) {
    return word & STATE;
  }

  static int kidIndex(int word) {
    return word >>> 16;
  }

  static boolean singleUse(int word) {
    return (word & SINGLE_USE_BIT) != 0;
  }

  static int with(int word, int state) {
    return (word & ~STATE) | state;
  }

  /// Whether a token was entered here.
  static boolean holdsEntry(int word) {
    int state = word & STATE;
    return state == ENTERED || state == REDEEMED || state == REVOKED;
  }

  /// Whether nothing is open about this slot: it holds an entry or never will.
  static boolean settled(int word) {
    return holdsEntry(word) || (word & STATE) == VOID;
  }
}
