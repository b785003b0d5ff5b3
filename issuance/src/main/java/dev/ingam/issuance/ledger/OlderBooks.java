package dev.ingam.issuance.ledger;

import dev.ingam.issuance.ledger.BookHeader.Trust;
import dev.ingam.issuance.ledger.PositionFile.Position;
import dev.ingam.issuance.ledger.PositionFile.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the books of earlier processes back to the shelf, and decides what of them can be
/// believed.
///
/// - Same boot of the host, or left clean: nothing was lost.
/// - Another boot, not clean: redemptions may be lost, and entries above the mark.
/// - Any book behind what the installation remembers: an old copy of the folder or of the directory
///   was put back, and nothing of what it holds is believed. That stays in the headers.
final class OlderBooks {
  private static final Logger LOG = LoggerFactory.getLogger(OlderBooks.class);

  private final LedgerFolder folder;
  private final BookKeyWrapper wrapper;
  private final BookDirectory directory;
  private final Surroundings around;

  OlderBooks(
      LedgerFolder folder, BookKeyWrapper wrapper, BookDirectory directory, Surroundings around) {
    this.folder = folder;
    this.wrapper = wrapper;
    this.directory = directory;
    this.around = around;
  }

  /// The books at hand.
  ///
  /// @param remembered null when nothing is to be remembered
  List<Volume> load(BookDirectory.Books books, @Nullable Reading remembered) throws IOException {
    var volumes = new ArrayList<Volume>();
    var found = new ArrayList<Book.Parts>();
    try {
      for (BookRow row : books.rows()) {
        var volume = row.node().equals(around.options().node()) ? unread(row, found) : foreign(row);
        if (volume != null) {
          volumes.add(volume);
        }
      }
      boolean behind = isBehind(remembered, found, books);
      if (behind) {
        raiseBehind();
      }
      for (var parts : found) {
        volumes.add(opened(parts, behind));
      }
    } catch (IOException | RuntimeException e) {
      for (var parts : found) {
        parts.file().close();
      }
      throw e;
    }
    deleteUnfinished();
    return volumes;
  }

  private static Volume foreign(BookRow row) {
    return new Volume.Unreadable(row, Finding.FOREIGN_BOOK);
  }

  /// Opens a book of ours to `found`, or says why it cannot be read; null when it was never used.
  private @Nullable Volume unread(BookRow row, List<Book.Parts> found) throws IOException {
    var file = BookFile.open(folder.books(), row, around.disk());
    if (file == null) {
      if (Files.exists(BookFile.path(folder.books(), row.number(), BookFile.BOOK + BookFile.NEW))) {
        directory.change(row.dropped());
        return null;
      }
      around
          .alarms()
          .raise(
              "book_incomplete",
              String.format(
                  Locale.ROOT,
                  "The file of book %s is missing or short.",
                  BookRow.name(row.number())),
              "Its tokens are refused until they expire. Find out who removed it.");
      return new Volume.Unreadable(row, Finding.INCOMPLETE_BOOK);
    }
    var parts = parts(row, file);
    if (parts != null) {
      found.add(parts);
      return null;
    }
    file.close();
    around
        .alarms()
        .raise(
            "book_damaged",
            String.format(
                Locale.ROOT,
                "The header of book %s is not what was written.",
                BookRow.name(row.number())),
            "Its tokens are refused until they expire. Check the disk and who can write there.");
    return new Volume.Unreadable(row, Finding.DAMAGED);
  }

  private Book.@Nullable Parts parts(BookRow row, BookFile file) {
    byte[] secret;
    try {
      secret = wrapper.unwrap(BookMaker.KEY_CONTEXT, row.wrappedKey());
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("book", BookRow.name(row.number())).setCause(e).log("key refused");
      return null;
    }
    if (secret.length != BookKey.BYTES) {
      return null;
    }
    var key = new BookKey(secret);
    var header = new BookHeader(file.book(), key);
    var condition = header.condition();
    return header.identifies(row) && condition != null
        ? new Book.Parts(row, key, file, header, condition)
        : null;
  }

  private boolean isBehind(
      @Nullable Reading remembered, List<Book.Parts> found, BookDirectory.Books books) {
    return switch (remembered) {
      case null -> false;
      case Reading.Unreadable() -> !found.isEmpty();
      case Reading.Absent() -> found.stream().anyMatch(OlderBooks::isUsed);
      case Reading.Read(var position) ->
          isBehind(books, position) || found.stream().anyMatch(parts -> isBehind(parts, position));
    };
  }

  /// A row that was refused has a generation too, but nobody knows which.
  private boolean isBehind(BookDirectory.Books books, Position position) {
    long highest = books.highestGeneration().getOrDefault(around.options().node(), 0L);
    return position.generation() > highest && !books.refused().contains(position.book());
  }

  private static boolean isUsed(Book.Parts parts) {
    return parts.condition().mark() > 0
        || (parts.slots().count() > 0 && parts.slots().word(0) != SlotWord.EMPTY);
  }

  private static boolean isBehind(Book.Parts parts, Position position) {
    var condition = parts.condition();
    return parts.row().number() == position.book()
        ? parts.row().generation() != position.generation()
            || condition.mark() < position.count()
            || condition.beat() < position.beat()
        : parts.row().generation() == position.generation();
  }

  private Volume opened(Book.Parts parts, boolean behind) throws IOException {
    var condition = parts.condition();
    byte[] boot = Names.hash(around.options().bootId());
    boolean sameBoot = MessageDigest.isEqual(condition.boot(), boot);
    var trust =
        behind || condition.trust() == Trust.BEHIND
            ? Trust.BEHIND
            : condition.trust() == Trust.WHOLE && (condition.clean() || sameBoot)
                ? Trust.WHOLE
                : Trust.DOUBTFUL;
    var taken = condition.taken(boot, trust);
    parts.header().write(taken);
    if (around.options().sync()) {
      parts.file().forceHeader();
    }
    LOG.atInfo()
        .addKeyValue("book", BookRow.name(parts.row().number()))
        .addKeyValue("mark", taken.mark())
        .addKeyValue("trust", trust)
        .log("older book opened");
    if (trust == Trust.BEHIND) {
      parts.file().close();
      return new Volume.Unreadable(parts.row(), Finding.INCOMPLETE_BOOK);
    }
    var whole = new Book.Parts(parts.row(), parts.key(), parts.file(), parts.header(), taken);
    return new Book(whole, null, around.reading());
  }

  private void raiseBehind() {
    around
        .alarms()
        .raise(
            "ledger_behind",
            "The ledger's folder or directory is older than what the installation remembers.",
            "Tokens of its older books are refused until they expire; new ones are honoured. Find"
                + " out who put an old copy back.");
  }

  /// What a crash left of books that no token was ever entered in.
  private void deleteUnfinished() throws IOException {
    try (var files = Files.newDirectoryStream(folder.books(), "*" + BookFile.NEW)) {
      for (var file : files) {
        around.disk().delete(file);
      }
    }
  }
}
