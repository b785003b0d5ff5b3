package dev.ingam.keys.row;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The MAC of a row that grants power: over its table, id, version and every column. A row that
/// fails does not exist.
///
/// Each text is written as its UTF-8 length in four bytes and its bytes, null as the length -1; so
/// no two rows have one encoding.
public final class RowMac {
  private static final String CONTEXT = "ingam row 1";

  private final MacKey key;

  public RowMac(MacKey key) {
    this.key = key;
  }

  /// The MAC of a row.
  ///
  /// @param table schema and name
  /// @param columns the other columns as texts, always in the same order
  public byte[] of(String table, String id, long version, List<@Nullable String> columns) {
    return key.mac(CONTEXT, encoding(table, id, version, columns));
  }

  /// Whether `mac` is the row's; in constant time.
  public boolean holds(
      String table, String id, long version, List<@Nullable String> columns, byte[] mac) {
    return MessageDigest.isEqual(of(table, id, version, columns), mac);
  }

  private static byte[] encoding(
      String table, String id, long version, List<@Nullable String> columns) {
    var texts = new ArrayList<byte @Nullable []>();
    texts.add(table.getBytes(StandardCharsets.UTF_8));
    texts.add(id.getBytes(StandardCharsets.UTF_8));
    for (var column : columns) {
      texts.add(column == null ? null : column.getBytes(StandardCharsets.UTF_8));
    }
    int size = Long.BYTES;
    for (var text : texts) {
      size += Integer.BYTES + (text == null ? 0 : text.length);
    }
    var buffer = ByteBuffer.allocate(size).putLong(version);
    for (var text : texts) {
      buffer.putInt(text == null ? -1 : text.length);
      if (text != null) {
        buffer.put(text);
      }
    }
    return buffer.array();
  }
}
