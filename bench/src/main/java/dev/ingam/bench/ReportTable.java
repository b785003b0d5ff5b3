package dev.ingam.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The report for people: one line a figure, numbers to the right, notes below.
final class ReportTable {
  private static final List<String> HEAD =
      List.of("figure", "ours", "limit", "ratio", "to reach", "reached");

  private ReportTable() {}

  static String of(Report report) {
    var rows = new ArrayList<List<String>>();
    rows.add(HEAD);
    report.figures().forEach(figure -> rows.add(row(figure)));
    var text = new StringBuilder();
    var machine = report.machine();
    text.append(
        String.format(
            Locale.ROOT,
            "%s, %d cores, %,d MB, %s, Java %s%nES256 by %s%n",
            machine.cpu(),
            machine.cores(),
            machine.memoryMegabytes(),
            machine.system(),
            machine.java(),
            report.provider()));
    report.method().forEach(line -> text.append(line).append('\n'));
    text.append('\n');
    append(text, rows);
    appendNotes(text, report.figures());
    return text.toString();
  }

  private static List<String> row(Figure figure) {
    var limit = figure.limit();
    var ratio = figure.ratio();
    var target = figure.target();
    var reached = figure.reached();
    return List.of(
        figure.name(),
        Numbers.people(figure.ours()) + " " + figure.unit(),
        limit == null ? "" : Numbers.people(limit.value()),
        ratio == null ? "" : Numbers.percent(ratio),
        target == null ? "" : target.text(),
        reached == null ? "" : reached ? "yes" : "NO");
  }

  private static void append(StringBuilder text, List<List<String>> rows) {
    for (var row : rows) {
      for (int i = 0; i < row.size(); i++) {
        var column = i;
        var width = rows.stream().mapToInt(each -> each.get(column).length()).max().orElseThrow();
        var padding = " ".repeat(width - row.get(i).length());
        var isNumber = i >= 1 && i <= 3;
        text.append(isNumber ? padding + row.get(i) : row.get(i) + padding);
        text.append(i == row.size() - 1 ? "\n" : "  ");
      }
    }
  }

  private static void appendNotes(StringBuilder text, List<Figure> figures) {
    text.append('\n');
    for (var figure : figures) {
      var limit = figure.limit();
      var what = limit == null ? "" : "limit: " + limit.what();
      var both = what.isEmpty() || figure.note().isEmpty() ? "" : "; ";
      if (!(what + figure.note()).isEmpty()) {
        text.append(figure.name()).append(": ").append(what + both + figure.note()).append('\n');
      }
    }
  }
}
