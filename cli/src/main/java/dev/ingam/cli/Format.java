package dev.ingam.cli;

import java.util.Locale;

/// How data is written to standard output.
enum Format {
  /// Columns for people; times with KST beside UTC.
  TABLE,
  /// One JSON value, as the server gave it.
  JSON,
  /// One JSON object a line.
  NDJSON,
  /// RFC 4180 with a header line; columns are named as the JSON members.
  CSV;

  /// As it is typed.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
