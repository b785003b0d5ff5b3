package dev.ingam.keys;

/// A key of the operator's, kept apart from the secrets of the installation, under which the master
/// keys of its stores lie there. Safe to call concurrently.
public interface WrappingKey {
  /// Tells this key from others and nothing of it: at most 64 characters without spaces.
  String id();

  /// Encrypts and authenticates.
  ///
  /// @param context is authenticated with the secret, so that none can stand for another
  byte[] wrap(byte[] secret, byte[] context);

  /// What `wrap` took.
  ///
  /// @throws IllegalArgumentException when this key did not wrap it in this context
  byte[] unwrap(byte[] wrapped, byte[] context);
}
