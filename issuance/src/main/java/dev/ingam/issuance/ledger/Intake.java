package dev.ingam.issuance.ledger;

import dev.ingam.wire.Serial;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The filling of a book by the process that opened it: slots are handed out, entered or voided,
/// and the mark follows.
///
/// **The mark.** A sync first walks from the old mark to the first slot that is still open and
/// remembers that place as *settled*; then it forces everything from the old mark to the last slot
/// handed out; only when that has completed does *settled* become the mark. What is below the mark
/// was therefore complete before a completed sync began. The header holds the mark, and is itself
/// forced by the sync after.
///
/// Handing out, entering and voiding are safe from any thread; the sync belongs to one at a time.
final class Intake {
  static final long SIGNING_MILLIS = 5_000;

  private static final int CLOSED = 1 << 30;
  private static final int EXTENT = 1 << 15;

  private final Book.Parts parts;
  private final SerialKeys serials;
  private final Slots slots;
  private final @Nullable Journal journal;
  private final Kids kids;
  private final ReentrantLock extending = new ReentrantLock();
  private final ReentrantLock settling = new ReentrantLock();
  private final AtomicInteger next = new AtomicInteger();

  /// Slots whose journal rows have room on the disk. Grows under the lock `extending`.
  private volatile int limit;

  private volatile boolean broken;
  private volatile boolean grounded;

  // Both grow under the lock `settling`.
  private volatile int settled;
  private volatile int lastExpiry;

  private volatile int mark;

  // Owned by the sync.
  private final Deque<Taken> taken = new ArrayDeque<>();
  private BookHeader.Condition written;
  private BookHeader.Condition durable;
  private int kidsForced;
  private int nextBefore;

  /// How far the book was handed out at some time.
  private record Taken(long millis, int next) {}

  /// A new book, none of whose slots was handed out.
  Intake(Book.Parts parts, SerialKeys serials) {
    this.parts = parts;
    this.serials = serials;
    slots = parts.slots();
    journal = parts.journal();
    kids = new Kids(parts.header());
    written = parts.condition();
    durable = written;
    limit = journal == null ? slots.count() : 0;
  }

  /// Hands out the next slot, reserved; negative when there is none at hand.
  int take() {
    while (true) {
      int slot = next.get();
      if (slot >= limit || broken) {
        return -1;
      }
      if (next.compareAndSet(slot, slot + 1)) {
        if (slots.change(slot, SlotWord.EMPTY, SlotWord.RESERVED)) {
          return slot;
        }
        broken = true;
      }
    }
  }

  /// Whether no slot will be handed out any more.
  boolean finished() {
    return broken || isClosed() || next() == slots.count();
  }

  boolean isClosed() {
    return (next.get() & CLOSED) != 0;
  }

  /// Hands out no more.
  void close() {
    next.getAndUpdate(value -> value | CLOSED);
  }

  /// This book takes no more: its file does not keep what is written.
  void giveUp() {
    broken = true;
  }

  boolean isBroken() {
    return broken;
  }

  /// The file itself, all zeros, is on the disk: from now on the mark may rise.
  void ground() {
    grounded = true;
  }

  boolean isGrounded() {
    return grounded;
  }

  /// Makes room for the rows of the next slots.
  void extend() throws IOException {
    extendTo(Math.min(slots.count(), next() + EXTENT));
  }

  /// Keeps room ahead of need: twice what was used since the last call, and an extent.
  void extendAhead() throws IOException {
    int now = next();
    int ahead = EXTENT + 2 * (now - nextBefore);
    nextBefore = now;
    if (!isClosed() && limit - now < ahead) {
      extendTo((int) Math.min(slots.count(), (long) now + 2L * ahead));
    }
  }

  private void extendTo(int to) throws IOException {
    extending.lock();
    try {
      if (to > limit) {
        parts.file().zeroJournal(limit, to);
        limit = to;
      }
    } finally {
      extending.unlock();
    }
  }

  void enter(Serial serial, Entry entry) {
    int slot = serial.slot();
    int kidIndex = kids.index(entry.kid());
    if (kidIndex == Kids.FULL) {
      close();
      throw new IssuanceException(
          IssuanceException.Kind.LEDGER_UNAVAILABLE,
          "expected a key of this book, came another when its key table was full; reserve again");
    }
    int word = SlotWord.entered(kidIndex, entry.singleUse());
    long high = entry.digest().high();
    long low = entry.digest().low();
    int expiry = (int) entry.expiresAt();
    long tag = parts.key().entryTag(serial, high, low, expiry, word);
    byte[] row = journal == null ? null : Journal.row(serial, entry, kidIndex);
    // From here on nothing can fail but the file: a slot left claimed would hold the mark for good.
    claim(slot);
    if (journal != null && row != null) {
      journal.put(slot, row);
    }
    slots.write(slot, high, low, tag, expiry);
    slots.publish(slot, word);
  }

  private void claim(int slot) {
    if (slot < 0
        || slot >= slots.count()
        || !slots.change(slot, SlotWord.RESERVED, SlotWord.CLAIMED)) {
      throw new IllegalStateException(
          "expected a slot that is reserved, came one that is not (any more); reserve another");
    }
  }

  void cancel(Serial serial) {
    int slot = serial.slot();
    if (slot >= 0 && slot < slots.count() && slots.word(slot) == SlotWord.VOID) {
      return;
    }
    claim(slot);
    publishVoid(serial);
  }

  private void publishVoid(Serial serial) {
    slots.write(serial.slot(), 0, 0, parts.key().voidTag(serial), 0);
    slots.publish(serial.slot(), SlotWord.VOID);
  }

  /// Voids what was handed out five seconds ago and is still reserved. When the clock is put back
  /// the five seconds begin anew.
  void voidOverdue(long nowMillis) {
    settle();
    if (!taken.isEmpty() && nowMillis < taken.getLast().millis()) {
      taken.clear();
    }
    taken.addLast(new Taken(nowMillis, next()));
    int overdue = 0;
    while (!taken.isEmpty() && taken.getFirst().millis() + SIGNING_MILLIS <= nowMillis) {
      overdue = taken.removeFirst().next();
    }
    voidReserved(overdue);
  }

  /// Voids whatever is still reserved.
  void voidReserved() {
    if (!broken) {
      voidReserved(next());
    }
  }

  private void voidReserved(int to) {
    for (int slot = settled; slot < to; slot++) {
      if (slots.change(slot, SlotWord.RESERVED, SlotWord.CLAIMED)) {
        publishVoid(serials.serial(parts.row().number(), slot));
      }
    }
  }

  private void settle() {
    settling.lock();
    try {
      int slot = settled;
      int to = next();
      int latest = lastExpiry;
      while (slot < to && SlotWord.settled(slots.word(slot))) {
        int expiry = slots.expiry(slot++);
        latest = Integer.compareUnsigned(expiry, latest) > 0 ? expiry : latest;
      }
      lastExpiry = latest;
      settled = slot;
    } finally {
      settling.unlock();
    }
  }

  /// Forces what is not yet below the mark, and raises the mark. Once it has failed the mark stays:
  /// nobody knows what the system has dropped.
  ///
  /// @param beat to be kept in the header
  void sync(long beat) throws IOException {
    if (!grounded) {
      return;
    }
    settle();
    int from = mark;
    int reached = settled;
    int to = next();
    try {
      if (from < to) {
        parts.file().force(from, to);
      }
      if (durable.sequence() != written.sequence() || kidsForced < kids.count()) {
        int kidsWritten = kids.count();
        parts.file().forceHeader();
        kidsForced = kidsWritten;
        durable = written;
      }
    } catch (IOException e) {
      broken = true;
      throw e;
    }
    if (!broken && (reached > from || beat != written.beat())) {
      mark = reached;
      write(condition(beat, false));
    }
  }

  private BookHeader.Condition condition(long beat, boolean clean) {
    return new BookHeader.Condition(
        written.sequence() + 1, written.boot(), mark, clean, written.trust(), beat, lastExpiry);
  }

  private void write(BookHeader.Condition condition) {
    parts.header().write(condition);
    written = condition;
  }

  /// What the header is to say once everything was forced.
  BookHeader.Condition cleanCondition() {
    settle();
    mark = broken ? mark : settled;
    return condition(written.beat(), true);
  }

  /// Whether nothing is left to void, force or write.
  boolean isDone() {
    return isClosed() && mark == next() && durable.sequence() == written.sequence();
  }

  long beat() {
    return written.beat();
  }

  /// What of the header is on the disk.
  BookHeader.Condition durable() {
    return durable;
  }

  int next() {
    return next.get() & ~CLOSED;
  }

  int settled() {
    return settled;
  }

  int mark() {
    return mark;
  }

  /// Whether every slot handed out is entered or void.
  boolean isSettled() {
    settle();
    return settled == next();
  }

  /// When the last token below *settled* expires, seconds since 1970.
  long lastExpiry() {
    return Integer.toUnsignedLong(lastExpiry);
  }
}
