package dev.ingam.issuance.ledger;

import dev.ingam.issuance.ledger.IssuanceException.Kind;
import dev.ingam.issuance.ledger.PositionFile.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The start of a ledger: older books to the shelf, a new one to enter in, the position kept before
/// the first serial is handed out.
final class LedgerOpening {
  private LedgerOpening() {}

  static MappedLedger open(
      LedgerFolder folder, LedgerSecrets secrets, BookDirectory directory, Surroundings around) {
    try {
      makeFolder(folder.books());
      var lock = FolderLock.take(folder.books());
      try {
        return open(folder, secrets, directory, around, lock);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new IssuanceException(
          Kind.LEDGER_UNAVAILABLE,
          String.format(
              Locale.ROOT,
              "expected to open the ledger in %s: %s; check its disk and its owner",
              folder.books(),
              e),
          e);
    }
  }

  private static MappedLedger open(
      LedgerFolder folder,
      LedgerSecrets secrets,
      BookDirectory directory,
      Surroundings around,
      FolderLock lock)
      throws IOException {
    var position = positionFile(folder.position(), around);
    var remembered = position == null ? null : position.read();
    var known = directory.books();
    if (!known.refused().isEmpty()) {
      around
          .alarms()
          .raise(
              "directory_row_refused",
              String.format(
                  Locale.ROOT,
                  "%d rows of the book directory were changed by somebody else.",
                  known.refused().size()),
              "Tokens of these books are refused. Find out who wrote to the database.");
    }
    var older = new OlderBooks(folder, secrets.wrapper(), directory, around);
    var volumes = older.load(known, remembered);
    try {
      long last = lastGeneration(folder, known, remembered, around);
      var maker = new BookMaker(folder, secrets, directory, around, last);
      var archive = new Archive(folder.books(), directory, around);
      var sync = new Sync(around, position);
      var first = first(maker, sync);
      var workers = new Bookcase.Workers(maker, archive, sync);
      var books = new Bookcase(around, volumes, first, workers);
      return new MappedLedger(around, books, lock);
    } catch (IOException | RuntimeException e) {
      close(volumes);
      throw e;
    }
  }

  /// The highest generation that a book of this node is known to have had.
  private static long lastGeneration(
      LedgerFolder folder,
      BookDirectory.Books known,
      @Nullable Reading remembered,
      Surroundings around) {
    long listed = known.highestGeneration().getOrDefault(around.options().node(), 0L);
    long last = Math.max(listed, folder.floor());
    return remembered instanceof Reading.Read(var place)
        ? Math.max(last, place.generation())
        : last;
  }

  private static Book first(BookMaker maker, Sync sync) throws IOException {
    var first = maker.make();
    try {
      sync.rememberNow(first);
      return first;
    } catch (IOException | RuntimeException e) {
      maker.unmake(first);
      throw e;
    }
  }

  private static @Nullable PositionFile positionFile(@Nullable Path file, Surroundings around) {
    return file == null ? null : new PositionFile(file, around.disk());
  }

  private static void close(List<Volume> volumes) throws IOException {
    for (Volume volume : volumes) {
      if (volume instanceof Book book) {
        book.file().close();
      }
    }
  }

  private static void makeFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      var owner = PosixFilePermissions.fromString("rwx------");
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(owner));
    }
  }
}
