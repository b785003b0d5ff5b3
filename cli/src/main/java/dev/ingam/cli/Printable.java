package dev.ingam.cli;

import java.util.Locale;

/// Makes text from elsewhere safe to show on a terminal: what could move the cursor, change colours
/// or turn the direction of writing is shown as `\u001b`.
final class Printable {
  private Printable() {}

  static String of(String text) {
    var safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point -> {
          if (isPrintable(point)) {
            safe.appendCodePoint(point);
          } else {
            safe.append(String.format(Locale.ROOT, "\\u%04x", point));
          }
        });
    return safe.toString();
  }

  /// The same JSON with such characters inside its texts as escapes; its own line ends stay.
  static String json(String json) {
    var safe = new StringBuilder(json.length());
    json.codePoints()
        .forEach(point -> {
          if (isPrintable(point) || point == '\n') {
            safe.appendCodePoint(point);
          } else {
            for (var unit : Character.toChars(point)) {
              safe.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
            }
          }
        });
    return safe.toString();
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
