package dev.ingam.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Writes data to standard output in the form that was asked for.
final class Printer {
  private final Terminal terminal;
  private final Format format;

  Printer(Terminal terminal, Format format) {
    this.terminal = terminal;
    this.format = format;
  }

  /// Several things of one kind. For people an empty list is said on standard error.
  void list(List<Json> rows, List<Column> columns, String whenEmpty) {
    switch (format) {
      case TABLE -> {
        if (rows.isEmpty()) {
          terminal.err().println(whenEmpty);
        } else {
          table(rows, columns);
        }
      }
      case JSON -> out().println(Printable.json(new Json.Items(rows).pretty()));
      case NDJSON -> rows.forEach(row -> out().println(Printable.json(row.compact())));
      case CSV -> csv(rows, columns);
    }
  }

  /// A few things with much to say of each: for people a block of lines for each of them.
  void blocks(List<Json> rows, List<Column> columns, String whenEmpty) {
    if (format != Format.TABLE || rows.isEmpty()) {
      list(rows, columns, whenEmpty);
      return;
    }
    for (int i = 0; i < rows.size(); i++) {
      if (i > 0) {
        out().println();
      }
      lines(rows.get(i), columns);
    }
  }

  /// One thing: for people a line for each member that is there.
  void one(Json thing, List<Column> columns) {
    switch (format) {
      case TABLE -> lines(thing, columns);
      case JSON -> out().println(Printable.json(thing.pretty()));
      case NDJSON -> out().println(Printable.json(thing.compact()));
      case CSV -> csv(List.of(thing), columns);
    }
  }

  /// True when people read the output, so that a sentence may go with it.
  boolean isForPeople() {
    return format == Format.TABLE;
  }

  private void lines(Json thing, List<Column> columns) {
    var present = columns.stream().filter(each -> !thing.get(each.member()).isAbsent()).toList();
    var width = present.stream().mapToInt(each -> each.title().length()).max().orElse(0);
    for (var column : present) {
      out().println(padded(column.title(), width) + "  " + column.shownIn(thing));
    }
  }

  private void table(List<Json> rows, List<Column> columns) {
    var widths =
        columns.stream()
            .map(column -> Math.max(column.title().length(), widest(rows, column)))
            .toList();
    out().println(line(columns, widths, Column::title));
    rows.forEach(row -> out().println(line(columns, widths, column -> column.shownIn(row))));
  }

  private static int widest(List<Json> rows, Column column) {
    return rows.stream().mapToInt(row -> column.shownIn(row).length()).max().orElse(0);
  }

  private static String line(
      List<Column> columns, List<Integer> widths, Function<Column, String> cell) {
    var line = new StringBuilder();
    for (int i = 0; i < columns.size(); i++) {
      line.append(padded(cell.apply(columns.get(i)), widths.get(i))).append("  ");
    }
    return line.toString().stripTrailing();
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private void csv(List<Json> rows, List<Column> columns) {
    out().print(record(columns, Column::member));
    rows.forEach(row -> out().print(record(columns, column -> cell(row.get(column.member())))));
    out().flush();
  }

  /// A file gets what there is; on a terminal nothing may drive it.
  private String cell(Json value) {
    return terminal.interactive() ? Printable.of(value.text()) : value.text();
  }

  private static String record(List<Column> columns, Function<Column, String> cell) {
    return columns.stream().map(cell).map(Printer::quoted).collect(Collectors.joining(","))
        + "\r\n";
  }

  private static String quoted(String cell) {
    return cell.chars().anyMatch(each -> each == ',' || each == '"' || each == '\r' || each == '\n')
        ? '"' + cell.replace("\"", "\"\"") + '"'
        : cell;
  }

  private PrintStream out() {
    return terminal.out();
  }
}
