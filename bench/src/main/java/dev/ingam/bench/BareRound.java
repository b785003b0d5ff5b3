package dev.ingam.bench;

import java.nio.file.Path;

/// One round of the ledger's limit: what [Population] does, on [BareSlots].
final class BareRound {
  private static final int TELL_EACH = 1 << 12;

  private BareRound() {}

  /// Pairs a second.
  static double pairs(Path folder, int live, boolean sync) throws Exception {
    var slots = new long[live];
    for (int i = 0; i < live; i++) {
      slots[i] = i;
    }
    try (var bare = new BareSlots(folder, live, sync)) {
      var taken = enterAll(bare, live);
      Shuffle.rows(slots);
      return live * 1e9 / (taken + redeemAll(bare, slots));
    }
  }

  private static long enterAll(BareSlots bare, int live) {
    var entered = 0;
    var begin = System.nanoTime();
    for (int i = 0; i < live; i++) {
      if (bare.enter(i, high(i), i)) {
        entered++;
      }
      if ((i & (TELL_EACH - 1)) == 0) {
        bare.entered(i);
      }
    }
    var taken = System.nanoTime() - begin;
    bare.entered(live);
    return checked(taken, entered, live);
  }

  private static long redeemAll(BareSlots bare, long[] slots) {
    var redeemed = 0;
    var begin = System.nanoTime();
    for (long slot : slots) {
      if (bare.redeem((int) slot, high(slot))) {
        redeemed++;
      }
    }
    return checked(System.nanoTime() - begin, redeemed, slots.length);
  }

  private static long high(long slot) {
    return slot * 0x9E37_79B9_7F4A_7C15L;
  }

  private static long checked(long taken, int done, int wanted) {
    if (done != wanted) {
      throw new BenchException("Bare slots took " + done + " of " + wanted);
    }
    return taken;
  }
}
