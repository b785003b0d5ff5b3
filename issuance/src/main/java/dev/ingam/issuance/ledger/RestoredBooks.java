package dev.ingam.issuance.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// Books that a restore put in their place, taken for what they are: the newest there is. Without
/// this the first start would see that they stand behind what the installation remembers, and
/// believe nothing in them.
public final class RestoredBooks {
  private RestoredBooks() {}

  /// Lets the position file say that the ledger had come as far as this directory, and no further.
  ///
  /// @param node whose books they are
  public static void takeUp(Path position, BookDirectory directory, String node)
      throws IOException {
    var newest =
        directory.books().rows().stream()
            .filter(row -> row.node().equals(node))
            .max(Comparator.comparingLong(BookRow::generation));
    if (newest.isEmpty()) {
      Files.deleteIfExists(position);
      return;
    }
    var row = newest.get();
    var place = new PositionFile.Position(row.number(), row.generation(), 0, 0);
    new PositionFile(position, new Disk.Real()).write(place);
  }
}
