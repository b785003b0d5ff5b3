package dev.ingam.issuance.ledger;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The first 4096 bytes of a book: identity 64, two copies of the condition 64 each, key table.
///
/// Every part is tagged under the book's key. Of the two copies of the condition the older one is
/// overwritten, so that a process killed in the middle of it leaves the other. Not safe for
/// concurrent writers: [Book] serializes them.
final class BookHeader {
  static final int BYTES = 4096;
  static final int KIDS = 61;

  private static final List<Trust> TRUSTS = List.of(Trust.values());
  private static final int PART = 64;
  private static final int TAGGED = 56;
  private static final byte[] MAGIC = "INGAMBK1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] KID_MAGIC = "INGAMKID".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONDITION_MAGIC = "INGAMST1".getBytes(StandardCharsets.US_ASCII);
  private static final int CONDITIONS = PART;
  private static final int KID_TABLE = 3 * PART;
  private static final int KID_BYTES = PART - Long.BYTES - 1;

  private final MemorySegment file;
  private final BookKey key;

  BookHeader(MemorySegment file, BookKey key) {
    this.file = file;
    this.key = key;
  }

  /// Writes who this book is. Once, when it is made.
  void identify(BookRow row) {
    write(0, identity(row));
  }

  /// Whether the header is of this book and untouched.
  boolean identifies(BookRow row) {
    byte[] stored = read(0);
    return MessageDigest.isEqual(stored, tagged(identity(row), new byte[0]));
  }

  private static byte[] identity(BookRow row) {
    return ByteBuffer.allocate(TAGGED)
        .put(MAGIC)
        .putInt(row.number())
        .putInt(row.slots())
        .putLong(row.generation())
        .putLong(row.created().getEpochSecond())
        .put(Names.hash(row.node()))
        .array();
  }

  /// What changes about a book, as it was last written.
  ///
  /// @param sequence grows with each writing; the copy with the higher one holds
  /// @param boot hash of the boot in which it was last written
  /// @param clean whether everything was synced and nothing was written since
  /// @param trust what of the book may have been lost, for good
  /// @param beat counts the seconds with redemptions
  /// @param lastExpiry when the last token below the mark expires, seconds since 1970
  record Condition(
      long sequence, byte[] boot, int mark, boolean clean, Trust trust, long beat, int lastExpiry) {
    private static final int CLEAN = 1;
    private static final int TRUST_SHIFT = 1;

    private byte[] bytes() {
      return ByteBuffer.allocate(TAGGED)
          .put(CONDITION_MAGIC)
          .putLong(sequence)
          .put(boot)
          .putInt(mark)
          .putInt((clean ? CLEAN : 0) | TRUSTS.indexOf(trust) << TRUST_SHIFT)
          .putLong(beat)
          .putInt(lastExpiry)
          .array();
    }

    private static @Nullable Condition of(byte[] bytes) {
      var in = ByteBuffer.wrap(bytes);
      byte[] magic = new byte[MAGIC.length];
      in.get(magic);
      if (!MessageDigest.isEqual(magic, CONDITION_MAGIC)) {
        return null;
      }
      long sequence = in.getLong();
      byte[] boot = new byte[Names.HASH_BYTES];
      in.get(boot);
      int mark = in.getInt();
      int flags = in.getInt();
      int trust = flags >>> TRUST_SHIFT;
      boolean known = mark >= 0 && mark <= LedgerOptions.MOST_SLOTS && trust < TRUSTS.size();
      return known
          ? new Condition(
              sequence,
              boot,
              mark,
              (flags & CLEAN) != 0,
              TRUSTS.get(trust),
              in.getLong(),
              in.getInt())
          : null;
    }

    /// The same, written by this boot's process.
    Condition taken(byte[] by, Trust judged) {
      return new Condition(sequence + 1, by, mark, false, judged, beat, lastExpiry);
    }

    /// The same, with everything on the disk.
    Condition cleaned() {
      return new Condition(sequence + 1, boot, mark, true, trust, beat, lastExpiry);
    }
  }

  /// What of a book may have been lost. Stored by its place in this list.
  enum Trust {
    /// Nothing that was there when it was last written.
    WHOLE,
    /// Redemptions, and entries above the mark: the host stopped under it.
    DOUBTFUL,
    /// Anything: an old copy was put back.
    BEHIND
  }

  /// The newest copy whose tag holds; null when none does.
  @Nullable Condition condition() {
    var even = condition(0);
    var odd = condition(1);
    if (even == null || odd == null) {
      return even == null ? odd : even;
    }
    return even.sequence() > odd.sequence() ? even : odd;
  }

  private @Nullable Condition condition(int copy) {
    byte[] stored = read(CONDITIONS + copy * PART);
    return holds(stored) ? Condition.of(stored) : null;
  }

  void write(Condition condition) {
    write(CONDITIONS + (int) (condition.sequence() & 1) * PART, condition.bytes());
  }

  /// The key table, up to the first free or damaged place.
  String[] kids() {
    var kids = new String[KIDS];
    int count = 0;
    while (count < KIDS) {
      var kid = kid(count);
      if (kid == null) {
        break;
      }
      kids[count++] = kid;
    }
    return Arrays.copyOf(kids, count);
  }

  void write(int index, String kid) {
    byte[] name = kid.getBytes(StandardCharsets.US_ASCII);
    if (name.length == 0 || name.length > KID_BYTES) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "expected a kid of 1 to %d bytes, came %d", KID_BYTES, name.length));
    }
    var part = ByteBuffer.allocate(TAGGED).put((byte) name.length).put(name).array();
    put(KID_TABLE + index * PART, tagged(part, kidPrefix(index)));
  }

  private @Nullable String kid(int index) {
    byte[] stored = read(KID_TABLE + index * PART);
    byte[] expected = tagged(Arrays.copyOf(stored, TAGGED), kidPrefix(index));
    int length = stored[0];
    if (!MessageDigest.isEqual(stored, expected) || length < 1 || length > KID_BYTES) {
      return null;
    }
    return new String(stored, 1, length, StandardCharsets.US_ASCII);
  }

  private static byte[] kidPrefix(int index) {
    return ByteBuffer.allocate(KID_MAGIC.length + Integer.BYTES)
        .put(KID_MAGIC)
        .putInt(index)
        .array();
  }

  private boolean holds(byte[] stored) {
    return MessageDigest.isEqual(stored, tagged(Arrays.copyOf(stored, TAGGED), new byte[0]));
  }

  private void write(int at, byte[] part) {
    put(at, tagged(part, new byte[0]));
  }

  private byte[] tagged(byte[] part, byte[] prefix) {
    var message = ByteBuffer.allocate(prefix.length + part.length).put(prefix).put(part).array();
    return ByteBuffer.allocate(PART).put(part).putLong(key.headerTag(message)).array();
  }

  private byte[] read(int at) {
    return file.asSlice(at, PART).toArray(ValueLayout.JAVA_BYTE);
  }

  private void put(int at, byte[] part) {
    MemorySegment.copy(part, 0, file, ValueLayout.JAVA_BYTE, at, part.length);
  }
}
