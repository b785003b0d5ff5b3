package dev.ingam.server.gate;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// Text as the value of a header: what is not visible ASCII, spaces too, and the percent sign, is
/// percent-encoded UTF-8. No two texts have the same value, whatever is trimmed on the way.
final class HeaderText {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private HeaderText() {}

  static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPlain(text.charAt(i))) {
        return encode(text);
      }
    }
    return text;
  }

  /// Several texts, one space between them.
  static String of(List<String> texts) {
    return texts.stream().map(HeaderText::of).collect(Collectors.joining(" "));
  }

  private static boolean isPlain(int c) {
    return c > ' ' && c < 0x7f && c != '%';
  }

  private static String encode(String text) {
    var encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (isPlain(b)) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(HEX.toHexDigits(b));
      }
    }
    return encoded.toString();
  }
}
