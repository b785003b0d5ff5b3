package dev.ingam.server.admin;

import org.jspecify.annotations.Nullable;

/// The reason that a person gives for what he does: it goes into the event, for people to read.
final class Why {
  private static final int MAX = 200;

  private Why() {}

  /// The text, checked.
  ///
  /// @param member how the request names it
  static String of(String member, @Nullable String text) {
    if (text == null || text.isBlank() || text.length() > MAX || !isText(text)) {
      throw AdminError.INVALID_REQUEST.because(
          "Expected \""
              + member
              + "\" with 1 to 200 characters in one line; it goes into the event.");
    }
    return text;
  }

  private static boolean isText(String text) {
    return text.codePoints().map(Character::getType).noneMatch(Why::breaksTheLine);
  }

  private static boolean breaksTheLine(int type) {
    return type == Character.CONTROL
        || type == Character.SURROGATE
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
