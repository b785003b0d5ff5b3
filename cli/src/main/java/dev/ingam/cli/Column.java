package dev.ingam.cli;

import java.util.Locale;
import java.util.function.Function;

/// One column of a table or CSV file, or one line of a single object's display.
///
/// @param member the JSON member, which also names the column in CSV
/// @param title what people read
/// @param shown how a value looks to people
record Column(String member, String title, Function<Json, String> shown) {
  /// A column that shows the value as it is.
  static Column text(String member) {
    return new Column(member, title(member), Json::text);
  }

  /// A column of yes and no.
  static Column flag(String member) {
    return new Column(member, title(member), value -> value.isTrue() ? "yes" : "no");
  }

  /// A column of times.
  static Column time(String member) {
    return new Column(member, title(member), value -> Times.shown(value.text()));
  }

  /// A column of seconds, shown as 5m or 90s.
  static Column seconds(String member, String title) {
    return new Column(member, title, value -> Times.duration(value.text()));
  }

  Column titled(String other) {
    return new Column(member, other, shown);
  }

  String shownIn(Json row) {
    return Printable.of(shown.apply(row.get(member)));
  }

  private static String title(String member) {
    return member.replace('_', ' ').toUpperCase(Locale.ROOT);
  }
}
