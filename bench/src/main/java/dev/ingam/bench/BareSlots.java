package dev.ingam.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/// The ledger's limit: mapped, pre-written files of the same size, in which 32 bytes are written
/// and the last four changed by compare-and-set, and nothing else: no serial, no tag, no check, no
/// bounds but the JDK's own.
///
/// `enter` and `redeem` belong to one thread. With sync on, a second thread forces what was entered
/// since its last turn, every 100 ms, as the ledger does.
final class BareSlots implements AutoCloseable {
  static final int BOOK_SLOTS = 1 << 20;
  private static final int SLOT_BYTES = 32;
  private static final long SYNC_NANOS = 100_000_000;
  private static final int ENTERED = 2;
  private static final int REDEEMED = 3;
  private static final VarHandle STATE = ValueLayout.JAVA_INT.varHandle();

  private final Arena arena = Arena.ofShared();
  private final MemorySegment[] books;
  private final Thread syncing;
  private volatile int entered;
  private volatile boolean closed;

  BareSlots(Path folder, int slots, boolean sync) throws IOException {
    books = new MemorySegment[(slots + BOOK_SLOTS - 1) / BOOK_SLOTS];
    for (int i = 0; i < books.length; i++) {
      books[i] = map(folder.resolve("bare-" + i));
    }
    syncing = Thread.ofPlatform().name("bare-sync").daemon().unstarted(this::syncLoop);
    if (sync) {
      syncing.start();
    }
  }

  private MemorySegment map(Path file) throws IOException {
    try (var channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      var zeros = ByteBuffer.allocateDirect(1 << 20);
      for (int i = 0; i < SLOT_BYTES; i++) {
        zeros.clear();
        while (zeros.hasRemaining()) {
          channel.write(zeros);
        }
      }
      channel.force(true);
      return channel.map(MapMode.READ_WRITE, 0, (long) BOOK_SLOTS * SLOT_BYTES, arena);
    }
  }

  boolean enter(int slot, long high, long low) {
    var book = books[slot >>> 20];
    var at = (long) (slot & (BOOK_SLOTS - 1)) * SLOT_BYTES;
    book.set(ValueLayout.JAVA_LONG, at, high);
    book.set(ValueLayout.JAVA_LONG, at + 8, low);
    book.set(ValueLayout.JAVA_LONG, at + 16, high ^ low);
    book.set(ValueLayout.JAVA_INT, at + 24, slot);
    return STATE.compareAndSet(book, at + 28, 0, ENTERED);
  }

  boolean redeem(int slot, long high) {
    var book = books[slot >>> 20];
    var at = (long) (slot & (BOOK_SLOTS - 1)) * SLOT_BYTES;
    return book.get(ValueLayout.JAVA_LONG, at) == high
        && STATE.compareAndSet(book, at + 28, ENTERED, REDEEMED);
  }

  /// Tells the sync how far slots are entered; called now and then.
  void entered(int count) {
    entered = count;
  }

  private void syncLoop() {
    var synced = 0;
    while (!closed) {
      LockSupport.parkNanos(SYNC_NANOS);
      var until = entered;
      while (synced < until) {
        var book = synced >>> 20;
        var end = Math.min(until, (book + 1) << 20);
        var from = (long) (synced & (BOOK_SLOTS - 1)) * SLOT_BYTES;
        books[book].asSlice(from, (long) (end - synced) * SLOT_BYTES).force();
        synced = end;
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    LockSupport.unpark(syncing);
    syncing.join();
    arena.close();
  }
}
