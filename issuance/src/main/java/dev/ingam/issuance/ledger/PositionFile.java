package dev.ingam.issuance.ledger;

import dev.ingam.wire.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How far the ledger had come, kept outside the data folder: a data folder that is older than this
/// was put back from a copy. Holds only what was on the disk of the data folder before.
final class PositionFile {
  private static final String FORMAT = "ingam-ledger-position-1";
  private static final int MOST_BYTES = 1024;

  private final Path file;
  private final Disk disk;

  PositionFile(Path file, Disk disk) {
    this.file = file;
    this.disk = disk;
  }

  /// A place in the ledger.
  ///
  /// @param book the one in which tokens were entered
  /// @param generation of that book
  /// @param count slots below its mark
  /// @param beat seconds with redemptions since the book was begun
  record Position(int book, long generation, int count, long beat) {}

  /// What reading gave.
  sealed interface Reading {
    record Read(Position position) implements Reading {}

    /// There is no file.
    record Absent() implements Reading {}

    /// There is one, of another form.
    record Unreadable() implements Reading {}
  }

  Reading read() throws IOException {
    byte[] bytes;
    try {
      if (Files.size(file) > MOST_BYTES) {
        return new Reading.Unreadable();
      }
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return new Reading.Absent();
    }
    var position = parse(bytes);
    return position == null ? new Reading.Unreadable() : new Reading.Read(position);
  }

  static @Nullable Position parse(byte[] bytes) {
    var json = JsonObject.read(bytes, MOST_BYTES);
    if (json == null || !FORMAT.equals(json.string("format"))) {
      return null;
    }
    var name = json.string("book");
    var generation = json.number("generation");
    var count = json.number("count");
    var beat = json.number("beat");
    if (name == null || !name.matches("[0-9a-f]{8}")) {
      return null;
    }
    if (generation == null || generation < 1 || beat == null || beat < 0) {
      return null;
    }
    if (count == null || count < 0 || count > LedgerOptions.MOST_SLOTS) {
      return null;
    }
    return new Position(Integer.parseUnsignedInt(name, 16), generation, count.intValue(), beat);
  }

  static byte[] bytes(Position position) {
    return String.format(
            Locale.ROOT,
            """
            {"format":"%s","book":"%s","generation":%d,"count":%d,"beat":%d}
            """,
            FORMAT,
            BookRow.name(position.book()),
            position.generation(),
            position.count(),
            position.beat())
        .getBytes(StandardCharsets.UTF_8);
  }

  void write(Position position) throws IOException {
    disk.replace(file, bytes(position));
  }
}
