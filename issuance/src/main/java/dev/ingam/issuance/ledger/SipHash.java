package dev.ingam.issuance.ledger;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/// SipHash-2-4 under one key: a short keyed hash, fast on the few bytes of a slot.
///
/// Messages are handed over as the little-endian words that the algorithm works on, so that nothing
/// is copied. Aumasson and Bernstein, *SipHash: a fast short-input PRF*, 2012.
final class SipHash {
  static final int KEY_BYTES = 16;

  private final long k0;
  private final long k1;

  SipHash(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "expected a key of %d bytes, came %d", KEY_BYTES, key.length));
    }
    var words = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
    k0 = words.getLong();
    k1 = words.getLong();
  }

  /// Hash of the 8 bytes of this word, most significant first.
  long ofLong(long a) {
    return new State(k0, k1).block(Long.reverseBytes(a)).last(8L << 56);
  }

  /// Hash of 16 bytes.
  long ofLongs(long a, long b) {
    return new State(k0, k1)
        .block(Long.reverseBytes(a))
        .block(Long.reverseBytes(b))
        .last(16L << 56);
  }

  /// Hash of 39 bytes: four words, then the seven upper bytes of the tail.
  long ofLongsAndTail(long a, long b, long c, long d, long tail) {
    return new State(k0, k1)
        .block(Long.reverseBytes(a))
        .block(Long.reverseBytes(b))
        .block(Long.reverseBytes(c))
        .block(Long.reverseBytes(d))
        .last((Long.reverseBytes(tail) & 0x00FF_FFFF_FFFF_FFFFL) | 39L << 56);
  }

  long ofBytes(byte[] message) {
    var words = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    var state = new State(k0, k1);
    while (words.remaining() >= Long.BYTES) {
      state.block(words.getLong());
    }
    long last = (long) message.length << 56;
    for (int shift = 0; words.hasRemaining(); shift += Byte.SIZE) {
      last |= (words.get() & 0xFFL) << shift;
    }
    return state.last(last);
  }

  @Override
  public String toString() {
    return "SipHash[redacted]";
  }

  /// The four words of the state. It never leaves a method above, so the compiler keeps it in
  /// registers.
  private static final class State {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    State(long k0, long k1) {
      v0 = k0 ^ 0x736f6d6570736575L;
      v1 = k1 ^ 0x646f72616e646f6dL;
      v2 = k0 ^ 0x6c7967656e657261L;
      v3 = k1 ^ 0x7465646279746573L;
    }

    State block(long word) {
      v3 ^= word;
      round();
      round();
      v0 ^= word;
      return this;
    }

    long last(long word) {
      block(word);
      v2 ^= 0xFF;
      round();
      round();
      round();
      round();
      return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
    }
  }
}
