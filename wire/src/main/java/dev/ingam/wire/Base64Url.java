package dev.ingam.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Base64url without padding ([RFC 4648 section
/// 5](https://www.rfc-editor.org/rfc/rfc4648#section-5)), read strictly: one text for each byte
/// string. Padding, white space, the other alphabet and unused last bits that are not zero are
/// refused, so that no second spelling of a token exists.
public final class Base64Url {
  private static final byte[] VALUES = values();

  private Base64Url() {}

  public static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// The bytes, or null when `text` is not the canonical form of any.
  public static byte @Nullable [] decode(String text) {
    var ascii = text.getBytes(StandardCharsets.ISO_8859_1);
    return decode(ascii, 0, ascii.length);
  }

  static byte[] encodeToAscii(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encode(bytes);
  }

  static byte @Nullable [] decode(byte[] ascii, int from, int to) {
    var rest = (to - from) & 3;
    if (rest == 1) {
      return null;
    }
    var whole = to - rest;
    var out = new byte[(int) ((to - from) * 3L / 4)];
    var bad = 0;
    var at = 0;
    for (var i = from; i < whole; i += 4) {
      var bits =
          value(ascii[i]) << 18
              | value(ascii[i + 1]) << 12
              | value(ascii[i + 2]) << 6
              | value(ascii[i + 3]);
      bad |= bits;
      out[at++] = (byte) (bits >> 16);
      out[at++] = (byte) (bits >> 8);
      out[at++] = (byte) bits;
    }
    return bad < 0 || !decodeRest(ascii, whole, rest, out) ? null : out;
  }

  private static boolean decodeRest(byte[] ascii, int from, int rest, byte[] out) {
    if (rest == 2) {
      var bits = value(ascii[from]) << 6 | value(ascii[from + 1]);
      out[out.length - 1] = (byte) (bits >> 4);
      return bits >= 0 && (bits & 0xf) == 0;
    }
    if (rest == 3) {
      var bits = value(ascii[from]) << 12 | value(ascii[from + 1]) << 6 | value(ascii[from + 2]);
      out[out.length - 2] = (byte) (bits >> 10);
      out[out.length - 1] = (byte) (bits >> 2);
      return bits >= 0 && (bits & 3) == 0;
    }
    return true;
  }

  /// Negative for a character outside the alphabet; it stays negative through the shifts above.
  private static int value(byte character) {
    return VALUES[character & 0xff];
  }

  private static byte[] values() {
    var values = new byte[256];
    Arrays.fill(values, (byte) -1);
    var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (var i = 0; i < alphabet.length(); i++) {
      values[alphabet.charAt(i)] = (byte) i;
    }
    return values;
  }
}
