package dev.ingam.issuance.ledger;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the ledger holds in one slot, for a person who asks.
///
/// @param state the state of the slot
/// @param expiresAt null when the slot holds no entry
/// @param kid null when the slot holds no entry, or the book's key table is damaged
/// @param intact whether the slot's tag holds
/// @param row the journal's row, when there is one and its checksum holds
public record EntryView(
    int book,
    int slot,
    State state,
    @Nullable Instant expiresAt,
    @Nullable String kid,
    boolean singleUse,
    boolean intact,
    Optional<JournalRow> row) {

  public enum State {
    EMPTY,
    RESERVED,
    ENTERED,
    REDEEMED,
    REVOKED,
    VOID,
    /// No state that the ledger writes.
    IMPOSSIBLE;

    static State of(int word) {
      return switch (SlotWord.state(word)) {
        case SlotWord.EMPTY -> EMPTY;
        case SlotWord.RESERVED, SlotWord.CLAIMED -> RESERVED;
        case SlotWord.ENTERED -> ENTERED;
        case SlotWord.REDEEMED -> REDEEMED;
        case SlotWord.REVOKED -> REVOKED;
        case SlotWord.VOID -> VOID;
        default -> IMPOSSIBLE;
      };
    }
  }
}
