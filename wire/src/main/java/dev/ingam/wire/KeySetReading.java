package dev.ingam.wire;

/// What came of reading a key set.
public sealed interface KeySetReading {
  record Read(KeySet keySet) implements KeySetReading {}

  /// Nothing of it may be used; `detail` says what was expected.
  record Unreadable(String detail) implements KeySetReading {}
}
