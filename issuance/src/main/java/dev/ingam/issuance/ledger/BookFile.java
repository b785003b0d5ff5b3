package dev.ingam.issuance.ledger;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The two files of one book, locked and mapped: `<number>.book` and `<number>.journal`.
///
/// New ones end in `.new` until the directory holds their row.
final class BookFile implements AutoCloseable {
  static final String BOOK = ".book";
  static final String JOURNAL = ".journal";
  static final String NEW = ".new";

  private final Disk disk;
  private final Arena arena;
  private final FileChannel book;
  private final @Nullable FileChannel journal;
  private final MemorySegment bookMap;
  private final @Nullable MemorySegment journalMap;

  /// The arena is closed with this.
  @SuppressWarnings("MustBeClosedChecker")
  private BookFile(Disk disk, FileChannel book, long size, @Nullable FileChannel journal, long rows)
      throws IOException {
    lock(book);
    this.disk = disk;
    this.book = book;
    this.journal = journal;
    arena = Arena.ofShared();
    try {
      bookMap = book.map(MapMode.READ_WRITE, 0, size, arena);
      journalMap = journal == null ? null : journal.map(MapMode.READ_WRITE, 0, rows, arena);
    } catch (IOException e) {
      arena.close();
      throw e;
    }
  }

  /// Makes the files of a new book. When it fails nothing of them is left.
  static BookFile create(Path folder, BookRow row, boolean withJournal, Disk disk)
      throws IOException {
    var bookFile = path(folder, row.number(), BOOK + NEW);
    var journalFile = path(folder, row.number(), JOURNAL + NEW);
    FileChannel book = null;
    FileChannel journal = null;
    try {
      book = disk.create(bookFile);
      disk.zero(book, 0, Slots.at(row.slots()));
      if (withJournal) {
        journal = disk.create(journalFile);
        disk.zero(journal, 0, Journal.HEADER_BYTES);
      }
      return new BookFile(disk, book, Slots.at(row.slots()), journal, Journal.at(row.slots()));
    } catch (IOException | RuntimeException e) {
      discard(book, bookFile, disk);
      discard(journal, journalFile, disk);
      throw e;
    }
  }

  private static void discard(@Nullable FileChannel channel, Path file, Disk disk)
      throws IOException {
    if (channel != null) {
      channel.close();
      disk.delete(file);
    }
  }

  /// Opens the files of an older book.
  ///
  /// @return null when the book is missing or short; a missing or short journal is left out
  static @Nullable BookFile open(Path folder, BookRow row, Disk disk) throws IOException {
    int slots = row.state() == BookRow.State.SEALED ? row.count() : row.slots();
    var book = existing(path(folder, row.number(), BOOK), Slots.at(slots));
    if (book == null) {
      return null;
    }
    var journal = existing(path(folder, row.number(), JOURNAL), Journal.at(slots));
    try {
      return new BookFile(disk, book, Slots.at(slots), journal, Journal.at(slots));
    } catch (IOException | RuntimeException e) {
      book.close();
      if (journal != null) {
        journal.close();
      }
      throw e;
    }
  }

  private static @Nullable FileChannel existing(Path file, long size) throws IOException {
    if (!Files.isRegularFile(file)) {
      return null;
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      return null;
    }
    if (channel.size() < size) {
      channel.close();
      return null;
    }
    return channel;
  }

  private static void lock(FileChannel channel) throws IOException {
    boolean locked;
    try {
      locked = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      locked = false;
    }
    if (!locked) {
      throw new IssuanceException(
          IssuanceException.Kind.ALREADY_SERVED,
          "expected a book that nobody uses, another ledger holds it; stop the other server");
    }
  }

  static Path path(Path folder, int number, String suffix) {
    return folder.resolve(BookRow.name(number) + suffix);
  }

  /// Gives new files their names.
  void name(Path folder, int number) throws IOException {
    for (String suffix : new String[] {JOURNAL, BOOK}) {
      var fresh = path(folder, number, suffix + NEW);
      if (Files.exists(fresh)) {
        Files.move(fresh, path(folder, number, suffix), StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  /// Lets go of new files and deletes them.
  void discard(Path folder, int number) throws IOException {
    close();
    for (String suffix : new String[] {BOOK, JOURNAL, BOOK + NEW, JOURNAL + NEW}) {
      disk.delete(path(folder, number, suffix));
    }
  }

  MemorySegment book() {
    return bookMap;
  }

  @Nullable MemorySegment journal() {
    return journalMap;
  }

  /// Writes zeros where the rows of these slots will stand.
  void zeroJournal(int from, int to) throws IOException {
    if (journal != null) {
      disk.zero(journal, Journal.at(from), Journal.at(to));
    }
  }

  /// Waits until these slots and their rows are on the disk.
  void force(int from, int to) throws IOException {
    disk.force(bookMap.asSlice(Slots.at(from), Slots.at(to) - Slots.at(from)));
    if (journalMap != null) {
      disk.force(journalMap.asSlice(Journal.at(from), Journal.at(to) - Journal.at(from)));
    }
  }

  void forceHeader() throws IOException {
    disk.force(bookMap.asSlice(0, BookHeader.BYTES));
  }

  /// Waits until all of both files is on the disk, lengths too.
  void forceAll() throws IOException {
    disk.force(book);
    if (journal != null) {
      disk.force(journal);
    }
  }

  /// Gives back the room behind the last slot that was handed out.
  void cut(int count) throws IOException {
    disk.truncate(book, Slots.at(count));
    if (journal != null) {
      disk.truncate(journal, Journal.at(count));
    }
  }

  boolean isOpen() {
    return book.isOpen();
  }

  /// Ends every access through the mapping, waits until all is on the disk, and only then says so
  /// in the header.
  void closeClean(BookKey key, BookHeader.Condition condition) throws IOException {
    arena.close();
    forceAll();
    var header = ByteBuffer.allocate(BookHeader.BYTES);
    int read = 0;
    while (read >= 0 && header.hasRemaining()) {
      read = book.read(header, header.position());
    }
    new BookHeader(MemorySegment.ofArray(header.array()), key).write(condition);
    header.clear();
    while (header.hasRemaining()) {
      book.write(header, header.position());
    }
    disk.force(book);
  }

  /// Unmaps and unlocks; nothing is forced.
  @Override
  public void close() throws IOException {
    if (arena.scope().isAlive()) {
      arena.close();
    }
    book.close();
    if (journal != null) {
      journal.close();
    }
  }
}
