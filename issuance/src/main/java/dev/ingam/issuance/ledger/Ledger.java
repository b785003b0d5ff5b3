package dev.ingam.issuance.ledger;

import dev.ingam.wire.Serial;
import dev.ingam.wire.SerialRange;
import dev.ingam.wire.TokenDigest;
import java.util.List;
import java.util.Optional;

/// The issuance ledger: a token exists only when it was entered here before it left.
///
/// **Life of a slot**: empty, reserved, entered, redeemed; entered or redeemed may become revoked;
/// reserved becomes void by [#cancel(Serial)], or by the ledger itself when signing lasted five
/// seconds. No slot is used twice.
///
/// **Durability**: whatever a method wrote when it returned survives the death of the process. It
/// survives the death of the host when a later background sync (each 100 ms) had completed; what
/// was lost by that is answered with doubt, never with [Finding#NEVER_ENTERED]. Redemptions are not
/// synced: after the death of the host single-use tokens of the books then open are refused.
///
/// **Concurrency**: every method may be called from any thread, virtual ones too. None of
/// `reserve`, `enter`, `cancel`, `lookup` and `redeem` takes a lock or waits for a disk, except
/// `reserve` when preparation of space has fallen behind.
///
/// **Errors**: every method throws [IssuanceException] of kind `LEDGER_UNAVAILABLE` when the ledger
/// is closed or its disk or directory fails; then nothing was handed out, entered or accepted.
public interface Ledger extends AutoCloseable {
  /// A fresh serial. It is honoured only after it was entered.
  Serial reserve();

  /// Records the token, with its journal row. Only after this returned may the token leave.
  ///
  /// @throws IllegalStateException when the serial is not reserved (any more): sign again under
  ///   another one
  void enter(Serial serial, Entry entry);

  /// Gives up a reserved serial. Does nothing to one that is void already.
  ///
  /// @throws IllegalStateException when the serial was entered
  void cancel(Serial serial);

  /// What is held of this token. Never writes.
  Finding lookup(Serial serial, TokenDigest digest);

  /// Accepts this token. A single-use one, by its entry or by the argument, is accepted once: of
  /// any number of concurrent calls exactly one gets [Finding#ISSUED].
  Finding redeem(Serial serial, TokenDigest digest, boolean singleUse);

  /// A hint that this serial is asked about soon, for callers that hold a batch of them. The slots
  /// of a batch then come from memory side by side instead of one after the other. Changes nothing;
  /// never throws.
  default void expect(Serial serial) {}

  /// Revokes the token of this serial, durably before it returns. Idempotent: [Finding#REVOKED]
  /// when it is revoked now, otherwise what stood in the way.
  Finding revoke(Serial serial);

  /// Draws a line between what was reserved before this call and what will be reserved after it
  /// returned, for good and whatever clocks say. What is reserved meanwhile stands on either side,
  /// and stays there. Writes nothing and waits for nothing.
  Line drawLine();

  /// Whether this serial was reserved before the line; also true of one whose book is not at hand.
  /// To be asked about serials that were found [Finding#ISSUED]. Never writes.
  boolean isBefore(Serial serial, Line line);

  /// The serials before the line in the books at hand, for who must tell them without the ledger;
  /// the newest book first.
  List<SerialRange> before(Line line);

  /// For people: what the slot of this serial holds. Empty when the serial is not authentic or its
  /// book is not at hand.
  Optional<EntryView> show(Serial serial);

  /// A copy of this book for a backup; empty when it is not at hand.
  ///
  /// @param book its number
  Optional<BookCopy> copy(int book);

  LedgerStatus status();

  /// Does what is due: prepares the next book, seals, drops, retries. To be called about once a
  /// second; never throws for the environment but raises alarms in [#status()].
  void maintain();

  /// Lets reserved slots settle, seals the books of this process, and lets go of the files.
  @Override
  void close();
}
