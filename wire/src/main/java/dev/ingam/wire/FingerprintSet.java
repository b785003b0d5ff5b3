package dev.ingam.wire;

/// A set of 128-bit fingerprints in primitive arrays: 16 bytes each, 18 to 28 with the room that it
/// needs.
///
/// Open addressing with linear probing, in parts that grow by half, each on its own: no growth
/// copies more than a 64th of the set or doubles its memory for a moment. Part and place are taken
/// from the bits of a fingerprint, so these must be spread evenly, as those of a keyed hash are.
/// For one thread at a time.
final class FingerprintSet {
  private static final int PARTS = 64;
  private static final int FIRST_SLOTS = 8;

  /// Two words for each slot; both zero while it is empty. Null until the first fingerprint comes.
  private final long[][] parts = new long[PARTS][];

  private final int[] sizes = new int[PARTS];
  private int size;

  boolean contains(TokenDigest fingerprint) {
    var part = parts[part(fingerprint)];
    return part != null && !isEmpty(part, slot(part, fingerprint));
  }

  /// Adds a fingerprint; nothing changes when it is there.
  void add(TokenDigest fingerprint) {
    var index = part(fingerprint);
    var part = parts[index];
    if (part == null) {
      part = parts[index] = new long[2 * FIRST_SLOTS];
    }
    if (isEmpty(part, slot(part, fingerprint))) {
      put(withRoom(index), fingerprint.high(), low(fingerprint));
      sizes[index]++;
      size++;
    }
  }

  int size() {
    return size;
  }

  /// The part, grown when another fingerprint would fill more than seven eighths of it.
  private long[] withRoom(int index) {
    var part = parts[index];
    var slots = part.length / 2;
    if ((sizes[index] + 1) * 8L <= slots * 7L) {
      return part;
    }
    var grown = new long[2 * (slots + slots / 2)];
    for (int at = 0; at < part.length; at += 2) {
      if (!isEmpty(part, at)) {
        put(grown, part[at], part[at + 1]);
      }
    }
    parts[index] = grown;
    return grown;
  }

  private static void put(long[] part, long high, long low) {
    var at = slot(part, high, low);
    part[at] = high;
    part[at + 1] = low;
  }

  private static int slot(long[] part, TokenDigest fingerprint) {
    return slot(part, fingerprint.high(), low(fingerprint));
  }

  /// Where the fingerprint is, or the empty slot where it belongs.
  private static int slot(long[] part, long high, long low) {
    var slots = part.length / 2;
    // The high half of the product of two unsigned numbers: the place is spread over all slots.
    var at = 2 * (int) (Math.multiplyHigh(low, slots) + ((low >> 63) & slots));
    while (!isEmpty(part, at) && (part[at] != high || part[at + 1] != low)) {
      at = at + 2 == part.length ? 0 : at + 2;
    }
    return at;
  }

  private static boolean isEmpty(long[] part, int at) {
    return (part[at] | part[at + 1]) == 0;
  }

  private static int part(TokenDigest fingerprint) {
    return (int) (fingerprint.high() >>> 58);
  }

  /// The one fingerprint that would look like an empty slot stands as its neighbour.
  private static long low(TokenDigest fingerprint) {
    return (fingerprint.high() | fingerprint.low()) == 0 ? 1 : fingerprint.low();
  }
}
