package dev.ingam.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The number of a token, its `jti`: book, slot in the book, and a check over both that only the
/// issuer can make. On the wire 22 characters of base64url, 16 bytes big endian. All three are
/// unsigned.
public record Serial(int book, int slot, long check) {
  static final int TEXT_LENGTH = 22;

  /// The serial, or null when `text` is not the one canonical spelling of any. The check is not
  /// checked here: that takes the issuer's key.
  public static @Nullable Serial parse(String text) {
    if (text.length() != TEXT_LENGTH) {
      return null;
    }
    var bytes = Base64Url.decode(text);
    if (bytes == null) {
      return null;
    }
    var buffer = ByteBuffer.wrap(bytes);
    return new Serial(buffer.getInt(), buffer.getInt(), buffer.getLong());
  }

  @Override
  public String toString() {
    var buffer = ByteBuffer.allocate(16).putInt(book).putInt(slot).putLong(check);
    return Base64Url.encode(buffer.array());
  }
}
