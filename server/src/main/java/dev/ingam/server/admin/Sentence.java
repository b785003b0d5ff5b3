package dev.ingam.server.admin;

import java.util.Locale;

/// Words of a module as a sentence for people: a capital at the start, a full stop at the end.
final class Sentence {
  private Sentence() {}

  static String of(String words) {
    return words.isEmpty()
        ? ""
        : words.substring(0, 1).toUpperCase(Locale.ROOT)
            + words.substring(1)
            + (words.endsWith(".") ? "" : ".");
  }
}
