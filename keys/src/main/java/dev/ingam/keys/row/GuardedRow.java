package dev.ingam.keys.row;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A row of a [GuardedTable] as texts.
///
/// @param columns in the order of the table's columns; times in ISO form
/// @param holds whether its MAC holds and nobody marked it as refused: what grants nothing when
///   false
/// @param refused whether it is marked as refused
public record GuardedRow(
    String id, long version, List<@Nullable String> columns, boolean holds, boolean refused) {
  public GuardedRow {
    columns = Collections.unmodifiableList(new ArrayList<>(columns));
  }
}
