package dev.ingam.issuance.ledger;

import dev.ingam.wire.Serial;
import java.util.Arrays;
import java.util.Locale;

/// The random key of one book: under its first half the slots are tagged, under its second the
/// header.
final class BookKey {
  static final int BYTES = 2 * SipHash.KEY_BYTES;

  private final SipHash slots;
  private final SipHash header;

  BookKey(byte[] secret) {
    if (secret.length != BYTES) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "expected a book key of %d bytes, came %d", BYTES, secret.length));
    }
    slots = new SipHash(Arrays.copyOf(secret, SipHash.KEY_BYTES));
    header = new SipHash(Arrays.copyOfRange(secret, SipHash.KEY_BYTES, BYTES));
  }

  /// Tag of an entry: over serial, digest, expiry, key index and flags, 39 bytes.
  ///
  /// @param word the slot's word; its state is left out
  long entryTag(Serial serial, long digestHigh, long digestLow, int expiry, int word) {
    long place = (long) serial.book() << 32 | (serial.slot() & 0xFFFF_FFFFL);
    long tail = (long) expiry << 32 | (word & 0xFFFF_FF00L);
    return slots.ofLongsAndTail(place, serial.check(), digestHigh, digestLow, tail);
  }

  /// Tag of a void slot: over its serial, 16 bytes.
  long voidTag(Serial serial) {
    long place = (long) serial.book() << 32 | (serial.slot() & 0xFFFF_FFFFL);
    return slots.ofLongs(place, serial.check());
  }

  /// Tag of a part of the header, which begins with its own name.
  long headerTag(byte[] part) {
    return header.ofBytes(part);
  }

  @Override
  public String toString() {
    return "BookKey[redacted]";
  }
}
