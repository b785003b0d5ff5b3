package dev.ingam.server.backup;

import java.util.List;
import java.util.regex.Pattern;

/// A part of an archive: its kind and its name.
sealed interface Section {
  /// The name of the part as it stands in the archive.
  String name();

  /// What the rest is of.
  record Contents() implements Section {
    static final String NAME = "manifest";

    @Override
    public String name() {
      return NAME;
    }
  }

  /// A file of the data folder.
  ///
  /// @param size to which it is filled with zeros; 0 when it is whole as it is
  record DataFile(String path, long size) implements Section {
    @Override
    public String name() {
      return "file " + path + " " + size;
    }
  }

  /// The rows of a table, as PostgreSQL's `COPY` writes them.
  record Rows(String table, List<String> columns) implements Section {
    @Override
    public String name() {
      return "rows " + target();
    }

    /// Table and columns, as in SQL.
    String target() {
      return table + "(" + String.join(",", columns) + ")";
    }
  }

  Pattern FILE =
      Pattern.compile(
          "file (keys/sealing\\.json|ledger/[0-9a-f]{8}\\.(?:book|journal)) (\\d{1,12})");
  Pattern ROWS =
      Pattern.compile(
          "rows ((?:keys|issuance)\\.[a-z_]{1,40})\\(([a-z_]{1,40}(?:,[a-z_]{1,40})*)\\)");

  /// @throws IllegalArgumentException when a backup has no such part: nothing else is ever written
  ///   to a disk or a database
  static Section of(String name) {
    if (name.equals(Contents.NAME)) {
      return new Contents();
    }
    var file = FILE.matcher(name);
    if (file.matches()) {
      return new DataFile(file.group(1), Long.parseLong(file.group(2)));
    }
    var rows = ROWS.matcher(name);
    if (rows.matches()) {
      return new Rows(rows.group(1), List.of(rows.group(2).split(",")));
    }
    throw new IllegalArgumentException("expected a part that a backup has, came another");
  }
}
