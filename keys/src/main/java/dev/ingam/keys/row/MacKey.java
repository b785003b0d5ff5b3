package dev.ingam.keys.row;

/// A key for message authentication that never shows itself.
@FunctionalInterface
public interface MacKey {
  /// The MAC over the data under the key of this context. Same input, same answer; safe to call
  /// concurrently.
  byte[] mac(String context, byte[] data);
}
