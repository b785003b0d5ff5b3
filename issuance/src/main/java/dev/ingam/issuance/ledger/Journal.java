package dev.ingam.issuance.ledger;

import dev.ingam.wire.Serial;
import dev.ingam.wire.TokenDigest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The journal of one book: a row of 160 bytes for each slot, in the slot's place.
///
/// A place needs no claim and a row no frame: two writers never meet, and a reader needs no scan.
final class Journal {
  static final int HEADER_BYTES = 64;
  static final int ROW_BYTES = 160;

  private static final byte[] MAGIC = "INGAMJN1".getBytes(StandardCharsets.US_ASCII);
  private static final byte VERSION = 1;
  private static final int SINGLE_USE = 1;
  private static final int SESSION = 2;
  private static final int TEXT = 66;

  private final MemorySegment file;
  private final int count;

  /// @param file the whole journal
  /// @param count rows that the file holds
  Journal(MemorySegment file, int count) {
    this.file = file;
    this.count = count;
  }

  static long at(int slot) {
    return HEADER_BYTES + (long) slot * ROW_BYTES;
  }

  static byte[] header(BookRow row) {
    var header =
        ByteBuffer.allocate(HEADER_BYTES)
            .put(MAGIC)
            .putInt(row.number())
            .putInt(row.slots())
            .putLong(row.generation());
    int length = header.position();
    return header.putInt(crc(header.array(), 0, length)).array();
  }

  void identify(BookRow row) {
    MemorySegment.copy(header(row), 0, file, ValueLayout.JAVA_BYTE, 0, HEADER_BYTES);
  }

  boolean identifies(BookRow row) {
    var stored = file.asSlice(0, HEADER_BYTES);
    return stored.mismatch(MemorySegment.ofArray(header(row))) < 0;
  }

  /// Writes a row in the place of its slot.
  void put(int slot, byte[] row) {
    MemorySegment.copy(row, 0, file, ValueLayout.JAVA_BYTE, at(slot), ROW_BYTES);
  }

  /// The row of this token.
  static byte[] row(Serial serial, Entry entry, int kidIndex) {
    var holder = entry.holder();
    byte[] subject = holder.subject().getBytes(StandardCharsets.UTF_8);
    byte[] client = holder.client().getBytes(StandardCharsets.UTF_8);
    byte[] session = holder.session();
    int flags = (entry.singleUse() ? SINGLE_USE : 0) | (session == null ? 0 : SESSION);
    byte[] bytes = new byte[ROW_BYTES];
    var row =
        ByteBuffer.wrap(bytes)
            .putInt(0)
            .put(VERSION)
            .put((byte) flags)
            .putShort((short) kidIndex)
            .putLong((long) serial.book() << 32 | (serial.slot() & 0xFFFF_FFFFL))
            .putLong(serial.check())
            .putLong(entry.digest().high())
            .putLong(entry.digest().low())
            .putInt((int) entry.issuedAt())
            .putInt((int) entry.expiresAt());
    if (session != null) {
      row.put(session);
    }
    row.position(TEXT - 2)
        .put((byte) subject.length)
        .put((byte) client.length)
        .put(subject)
        .put(client)
        .putInt(0, crc(bytes, Integer.BYTES, ROW_BYTES - Integer.BYTES));
    return bytes;
  }

  /// Whether nothing was ever written in the slot's place.
  boolean blank(int slot) {
    for (int at = 0; at < ROW_BYTES; at += Long.BYTES) {
      if (file.get(ValueLayout.JAVA_LONG_UNALIGNED, at(slot) + at) != 0) {
        return false;
      }
    }
    return true;
  }

  /// Copies the row, as it stands, to the target.
  void copy(int slot, byte[] target, int to) {
    MemorySegment.copy(file, ValueLayout.JAVA_BYTE, at(slot), target, to, ROW_BYTES);
  }

  /// The row of this slot, when there is one that is whole.
  Optional<JournalRow> row(int slot) {
    if (slot < 0 || slot >= count) {
      return Optional.empty();
    }
    byte[] bytes = new byte[ROW_BYTES];
    copy(slot, bytes, 0);
    return Optional.ofNullable(read(bytes));
  }

  static @Nullable JournalRow read(byte[] bytes) {
    if (bytes.length != ROW_BYTES) {
      return null;
    }
    var row = ByteBuffer.wrap(bytes);
    if (row.getInt() != crc(bytes, Integer.BYTES, ROW_BYTES - Integer.BYTES)
        || row.get() != VERSION) {
      return null;
    }
    int flags = row.get();
    int kidIndex = Short.toUnsignedInt(row.getShort());
    var serial = new Serial(row.getInt(), row.getInt(), row.getLong());
    var digest = new TokenDigest(row.getLong(), row.getLong());
    var issuedAt = Instant.ofEpochSecond(Integer.toUnsignedLong(row.getInt()));
    var expiresAt = Instant.ofEpochSecond(Integer.toUnsignedLong(row.getInt()));
    var holder = holder(row, flags);
    return holder == null
        ? null
        : new JournalRow(
            serial, digest, kidIndex, (flags & SINGLE_USE) != 0, issuedAt, expiresAt, holder);
  }

  private static @Nullable Holder holder(ByteBuffer row, int flags) {
    byte[] session = new byte[Holder.SESSION_BYTES];
    row.get(session);
    int subject = row.get();
    int client = row.get();
    if (subject < 1
        || subject > Holder.SUBJECT_BYTES
        || client < 1
        || client > Holder.CLIENT_BYTES) {
      return null;
    }
    try {
      return new Holder(
          text(row, TEXT, subject),
          text(row, TEXT + subject, client),
          (flags & SESSION) == 0 ? null : session);
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static String text(ByteBuffer row, int from, int length) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(row.slice(from, length)).toString();
  }

  private static int crc(byte[] bytes, int from, int length) {
    var crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
