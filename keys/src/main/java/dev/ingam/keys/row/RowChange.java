package dev.ingam.keys.row;

import java.util.Map;

/// A row that is written as it was remembered.
///
/// @param before and `after`: in what state it is, or `unknown`
/// @param row as JSON
public record RowChange(RowCopies table, String id, String before, String after, String row) {
  public static final String UNKNOWN = "unknown";

  /// What an event says of it.
  public Map<String, String> body() {
    return Map.of("table", table.table(), "id", id, "was", before, "state", after);
  }

  @Override
  public String toString() {
    return table.table() + " " + id + ": " + before + " -> " + after;
  }
}
