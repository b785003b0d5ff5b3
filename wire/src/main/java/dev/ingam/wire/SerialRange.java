package dev.ingam.wire;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The first serials of one book: all whose slot lies below `end`. On the wire 16 hexadecimal
/// digits, the book and `end`.
///
/// @param end the first slot that is not in it, unsigned; all ones for the whole book
public record SerialRange(int book, int end) {
  private static final int WHOLE = -1;
  private static final int TEXT_LENGTH = 16;
  private static final HexFormat HEX = HexFormat.of();

  /// The whole of a book.
  public static SerialRange whole(int book) {
    return new SerialRange(book, WHOLE);
  }

  /// The range, or null when `text` is not the one spelling of any.
  public static @Nullable SerialRange parse(String text) {
    if (text.length() != TEXT_LENGTH) {
      return null;
    }
    for (var i = 0; i < TEXT_LENGTH; i++) {
      if ("0123456789abcdef".indexOf(text.charAt(i)) < 0) {
        return null;
      }
    }
    var bytes = ByteBuffer.wrap(HEX.parseHex(text));
    return new SerialRange(bytes.getInt(), bytes.getInt());
  }

  /// Whether it holds this serial.
  public boolean holds(Serial serial) {
    return serial.book() == book
        && (end == WHOLE || Integer.compareUnsigned(serial.slot(), end) < 0);
  }

  @Override
  public String toString() {
    return HEX.formatHex(ByteBuffer.allocate(8).putInt(book).putInt(end).array());
  }
}
