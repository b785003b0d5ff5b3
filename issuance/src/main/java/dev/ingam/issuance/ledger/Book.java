package dev.ingam.issuance.ledger;

import dev.ingam.issuance.ledger.LedgerStatus.Condition;
import dev.ingam.wire.Serial;
import dev.ingam.wire.TokenDigest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A book whose file is mapped: what its slots say about a token.
///
/// Of an entry the tag is checked before anything is believed. Of a slot without an entry the
/// answer depends on who opened the book: the process that did knows what it handed out, a later
/// one only what was settled below the mark.
final class Book implements Volume {
  private static final int SPINS = 1000;

  private final BookKey key;
  private final SerialKeys serials;
  private final CoarseClock clock;
  private final long skewSeconds;
  private final BookFile file;
  private final Slots slots;
  private final @Nullable Journal journal;
  private final BookHeader header;
  private final @Nullable Intake intake;
  private final boolean doubtful;

  /// As it was when the book was opened; the intake of a book of this process has a newer one.
  private final BookHeader.Condition condition;

  /// Written by the archive when the book is sealed; read by anyone.
  private volatile BookRow row;

  /// Slots that may be read; less than the file once held after it was cut.
  private volatile int end;

  /// Written so that the read before it is not left out; nobody reads it.
  @SuppressWarnings({"unused", "FieldCanBeLocal"})
  private int expected;

  private volatile boolean damaged;
  private volatile boolean redeemed;

  /// What a book is made of.
  ///
  /// @param condition as the header has it
  record Parts(
      BookRow row, BookKey key, BookFile file, BookHeader header, BookHeader.Condition condition) {

    Slots slots() {
      return new Slots(
          file.book(), row.state() == BookRow.State.SEALED ? row.count() : row.slots());
    }

    @Nullable Journal journal() {
      var rows = file.journal();
      return rows == null ? null : new Journal(rows, slots().count());
    }
  }

  /// What reading a book takes besides the book.
  ///
  /// @param skew for how long past its expiry a token is honoured
  record Reading(SerialKeys serials, CoarseClock clock, Duration skew) {}

  /// @param intake of a book that this process opened, null for an older one
  Book(Parts parts, @Nullable Intake intake, Reading reading) {
    row = parts.row();
    key = parts.key();
    file = parts.file();
    header = parts.header();
    slots = parts.slots();
    journal = parts.journal();
    end = slots.count();
    doubtful = parts.condition().trust() != BookHeader.Trust.WHOLE;
    condition = parts.condition();
    this.intake = intake;
    serials = reading.serials();
    clock = reading.clock();
    skewSeconds = reading.skew().toSeconds();
  }

  @Override
  public int number() {
    return row.number();
  }

  /// Begins to bring the slot from memory.
  void expect(Serial serial) {
    int slot = serial.slot();
    if (slot >= 0 && slot < end) {
      expected = slots.word(slot);
    }
  }

  /// What is held of this token; the serial may be anybody's invention.
  Finding lookup(Serial serial, TokenDigest digest) {
    int slot = serial.slot();
    if (slot < 0 || slot >= end) {
      return outside(serial);
    }
    int word = slots.word(slot);
    var found = matches(serial, digest, word) ? issued(slot, word) : explain(serial, digest);
    return found == Finding.ISSUED && doubtful && SlotWord.singleUse(word)
        ? Finding.SINGLE_USE_DOUBT
        : found;
  }

  /// Accepts this token; the serial may be anybody's invention.
  Finding redeem(Serial serial, TokenDigest digest, boolean singleUse) {
    int slot = serial.slot();
    if (slot < 0 || slot >= end) {
      return outside(serial);
    }
    while (true) {
      int word = slots.word(slot);
      if (!matches(serial, digest, word)) {
        return explain(serial, digest);
      }
      var found = issued(slot, word);
      if (found != Finding.ISSUED || !(singleUse || SlotWord.singleUse(word))) {
        return found;
      }
      if (doubtful) {
        return Finding.SINGLE_USE_DOUBT;
      }
      if (slots.change(slot, word, SlotWord.with(word, SlotWord.REDEEMED))) {
        noteRedemption();
        return Finding.ISSUED;
      }
    }
  }

  /// Revokes the entry of this serial, whatever its digest, and waits until that is on the disk.
  Finding revoke(Serial serial, boolean durably) throws IOException {
    int slot = serial.slot();
    if (slot < 0 || slot >= end || serials.stranger(serial, intake != null) != null) {
      return outside(serial);
    }
    while (true) {
      int word = slots.word(slot);
      if (!SlotWord.holdsEntry(word)) {
        return withoutEntry(serial);
      }
      if (!tagHolds(serial, word)) {
        return damaged();
      }
      if (SlotWord.state(word) == SlotWord.REVOKED
          || slots.change(slot, word, SlotWord.with(word, SlotWord.REVOKED))) {
        if (durably) {
          file.force(slot, slot + 1);
        }
        return Finding.REVOKED;
      }
    }
  }

  /// Whether the slot holds exactly this token. The tag covers the serial with its check and the
  /// digest, so when it holds for what was presented all of that is authentic. It is hashed from
  /// what was presented, not from what is stored, so that most of the work is done while the slot
  /// is still on its way from memory.
  private boolean matches(Serial serial, TokenDigest digest, int word) {
    int slot = serial.slot();
    long tag = key.entryTag(serial, digest.high(), digest.low(), slots.expiry(slot), word);
    return SlotWord.holdsEntry(word)
        && slots.tag(slot) == tag
        && slots.digestHigh(slot) == digest.high()
        && slots.digestLow(slot) == digest.low();
  }

  private Finding issued(int slot, int word) {
    if (clock.seconds() > Integer.toUnsignedLong(slots.expiry(slot)) + skewSeconds) {
      return Finding.EXPIRED;
    }
    return switch (SlotWord.state(word)) {
      case SlotWord.REDEEMED -> Finding.REDEEMED;
      case SlotWord.REVOKED -> Finding.REVOKED;
      default -> Finding.ISSUED;
    };
  }

  /// Why the slot does not hold this token.
  private Finding explain(Serial serial, TokenDigest digest) {
    var stranger = serials.stranger(serial, intake != null);
    if (stranger != null) {
      return stranger;
    }
    int slot = serial.slot();
    int word = slots.word(slot);
    if (!SlotWord.holdsEntry(word)) {
      return withoutEntry(serial);
    }
    if (!tagHolds(serial, word)) {
      return damaged();
    }
    boolean same = slots.digestHigh(slot) == digest.high() && slots.digestLow(slot) == digest.low();
    return same ? Finding.UNRECORDED : Finding.ALTERED;
  }

  private boolean tagHolds(Serial serial, int word) {
    int slot = serial.slot();
    int expiry = slots.expiry(slot);
    return slots.tag(slot)
        == key.entryTag(serial, slots.digestHigh(slot), slots.digestLow(slot), expiry, word);
  }

  private Finding outside(Serial serial) {
    var stranger = serials.stranger(serial, intake != null);
    return stranger == null ? outside() : stranger;
  }

  private Finding outside() {
    return intake == null ? Finding.UNRECORDED : Finding.NEVER_ENTERED;
  }

  /// What an authentic serial proves whose slot has no entry. How far the book has come is read
  /// before the slot is read again: what was settled then cannot be open now.
  private Finding withoutEntry(Serial serial) {
    int slot = serial.slot();
    int settled = intake == null ? condition.mark() : intake.settled();
    int handedOut = intake == null ? condition.mark() : intake.next();
    int word = settledWord(slot);
    if (SlotWord.holdsEntry(word)) {
      return tagHolds(serial, word) ? Finding.UNRECORDED : damaged();
    }
    return switch (word) {
      case SlotWord.VOID -> ofVoid(serial, slot < settled);
      case SlotWord.EMPTY -> slot < handedOut || !slots.blank(slot) ? damaged() : outside();
      case SlotWord.RESERVED -> slot < settled ? damaged() : ofReserved(slot);
      case SlotWord.CLAIMED -> slot < settled ? damaged() : Finding.UNRECORDED;
      default -> damaged();
    };
  }

  private int settledWord(int slot) {
    int word = slots.word(slot);
    for (int spin = 0; spin < SPINS && word == SlotWord.CLAIMED; spin++) {
      Thread.onSpinWait();
      word = slots.word(slot);
    }
    return word;
  }

  private Finding ofVoid(Serial serial, boolean settled) {
    int slot = serial.slot();
    boolean holds =
        slots.tag(slot) == key.voidTag(serial)
            && (slots.digestHigh(slot) | slots.digestLow(slot) | slots.expiry(slot)) == 0;
    if (!holds) {
      return damaged();
    }
    if (intake != null) {
      return Finding.NEVER_ENTERED;
    }
    return settled ? Finding.VOID : Finding.UNRECORDED;
  }

  /// A row in the journal says that the slot was entered: then somebody wrote over it.
  private Finding ofReserved(int slot) {
    if (intake == null) {
      return Finding.UNRECORDED;
    }
    boolean untouched = slots.blank(slot) && (journal == null || journal.blank(slot));
    if (untouched) {
      return Finding.NEVER_ENTERED;
    }
    return slots.word(slot) == SlotWord.RESERVED ? damaged() : Finding.UNRECORDED;
  }

  private Finding damaged() {
    damaged = true;
    return Finding.DAMAGED;
  }

  private void noteRedemption() {
    if (!redeemed) {
      redeemed = true;
    }
  }

  /// Whether anything was redeemed since this was asked last. Asked by the sync alone.
  boolean takeRedeemed() {
    boolean taken = redeemed;
    redeemed = false;
    return taken;
  }

  Optional<EntryView> show(Serial serial) {
    int slot = serial.slot();
    if (slot < 0 || slot >= end) {
      return Optional.empty();
    }
    int word = slots.word(slot);
    boolean entry = SlotWord.holdsEntry(word);
    var kids = header.kids();
    int kid = SlotWord.kidIndex(word);
    return Optional.of(
        new EntryView(
            number(),
            slot,
            EntryView.State.of(word),
            entry ? Instant.ofEpochSecond(Integer.toUnsignedLong(slots.expiry(slot))) : null,
            entry && kid < kids.length ? kids[kid] : null,
            entry && SlotWord.singleUse(word),
            entry ? tagHolds(serial, word) : !SlotWord.settled(word) || voidHolds(serial),
            journal == null ? Optional.empty() : journal.row(slot)));
  }

  private boolean voidHolds(Serial serial) {
    return slots.tag(serial.slot()) == key.voidTag(serial);
  }

  BookRow row() {
    return row;
  }

  BookFile file() {
    return file;
  }

  BookHeader header() {
    return header;
  }

  BookKey key() {
    return key;
  }

  Slots slots() {
    return slots;
  }

  @Nullable Journal journal() {
    return journal;
  }

  @Nullable Intake intake() {
    return intake;
  }

  /// The intake of a book that this process opened.
  Intake openIntake() {
    if (intake == null) {
      throw new IllegalStateException("expected a book opened by this process, came an older one");
    }
    return intake;
  }

  /// Nothing more is entered here: the file does not answer.
  void giveUp() {
    if (intake != null) {
      intake.giveUp();
    }
  }

  boolean isBroken() {
    return intake != null && intake.isBroken();
  }

  LedgerStatus.BookStatus status(boolean current) {
    var condition =
        row.state() == BookRow.State.SEALED
            ? Condition.SEALED
            : intake == null
                ? Condition.LEFT_OPEN
                : intake.isClosed()
                    ? Condition.CLOSING
                    : current ? Condition.OPEN : Condition.SPARE;
    int used = intake == null ? Math.max(mark(), row.count()) : intake.next();
    return new LedgerStatus.BookStatus(number(), condition, used, mark(), doubtful, damaged);
  }

  boolean doubtful() {
    return doubtful;
  }

  boolean isDamaged() {
    return damaged;
  }

  int mark() {
    return intake == null ? condition.mark() : intake.mark();
  }

  /// What the header is to say once everything was forced.
  BookHeader.Condition cleanCondition() {
    return intake == null ? condition.cleaned() : intake.cleanCondition();
  }

  /// The book is closed under this row; nothing behind its count is read any more.
  void sealed(BookRow sealedRow) {
    end = Math.min(end, sealedRow.count());
    row = sealedRow;
  }
}
