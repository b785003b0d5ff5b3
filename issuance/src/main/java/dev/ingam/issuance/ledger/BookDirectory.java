package dev.ingam.issuance.ledger;

import java.util.List;
import java.util.Map;

/// Which books there are. Rows are durable when a method returns, and carry a MAC: a row that fails
/// it does not exist, except as a number in [Books#refused()].
///
/// Every method throws [IssuanceException] when the store does not answer; then nothing was
/// changed. May be called from any thread.
public interface BookDirectory {
  /// Every row of every node that is not dropped, by node and generation.
  Books books();

  /// Adds a book.
  ///
  /// @return false when the number is taken; nothing was changed then
  boolean add(BookRow row);

  /// Replaces the row of the version before.
  ///
  /// @return false when the stored row is of another version; nothing was changed then
  boolean change(BookRow row);

  /// What is stored.
  ///
  /// @param rows those whose MAC holds
  /// @param refused numbers of those whose MAC does not
  /// @param highestGeneration of each row's node, dropped ones too
  record Books(List<BookRow> rows, List<Integer> refused, Map<String, Long> highestGeneration) {
    public Books {
      rows = List.copyOf(rows);
      refused = List.copyOf(refused);
      highestGeneration = Map.copyOf(highestGeneration);
    }
  }
}
