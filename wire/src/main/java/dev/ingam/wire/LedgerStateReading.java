package dev.ingam.wire;

/// What came of reading a ledger state.
public sealed interface LedgerStateReading {
  record Read(LedgerState state) implements LedgerStateReading {}

  /// Nothing of it may be used; `detail` says what was expected.
  record Unreadable(String detail) implements LedgerStateReading {}
}
