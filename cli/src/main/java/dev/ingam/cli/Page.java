package dev.ingam.cli;

import java.util.List;
import java.util.Locale;

/// A part of a list that is read by numbers: what comes after one, and at most so many.
record Page(long after, int limit) {
  static final int USUAL = 100;
  private static final int MOST = 1000;

  /// Refuses what the server would not give.
  void check(AdminCommand command) {
    if (after < 0 || limit < 1 || limit > MOST) {
      throw command.usage("Expected --after of 0 or more and --limit of 1 to 1000.");
    }
  }

  String query() {
    return String.format(Locale.ROOT, "after=%d&limit=%d", after, limit);
  }

  /// A full page may have a next one.
  ///
  /// @param number the member with the number to go on after
  void sayWhatFollows(AdminCommand command, List<Json> rows, String number) {
    if (rows.size() == limit && command.printer().isForPeople()) {
      command.terminal.progress("More may follow: --after " + rows.getLast().get(number).text());
    }
  }
}
