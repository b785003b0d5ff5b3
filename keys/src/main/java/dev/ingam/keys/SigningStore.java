package dev.ingam.keys;

import dev.ingam.wire.Algorithm;
import java.security.PublicKey;
import java.util.OptionalLong;
import java.util.Set;

/// The store of one custody domain: makes private keys, signs with them and destroys them. It has
/// no method that answers a private key.
///
/// `generate`, `keep` and `destroy` are durable when they return. All methods may be called
/// concurrently. What the environment refuses is a [KeysException]; after it the store is as
/// before.
public interface SigningStore {
  /// The name of the custody domain.
  String domain();

  /// Makes a key pair. The handle is the `kid`. The key is pending until `keep`.
  StoredKey generate(Algorithm algorithm);

  /// Says that a row names the key: it is no leftover of a broken-off call. Idempotent: nothing
  /// when there is none.
  void keep(String handle);

  /// The handles of the keys that were made and not kept.
  Set<String> pending();

  /// Makes a key ready to sign; every call answers a signer of its own.
  ///
  /// @throws KeysException KEY_GONE when the store has no such key; STORE_UNAVAILABLE when it
  ///   cannot sign with it now
  Signer open(String handle);

  /// Destroys the private key and closes its signers. Idempotent: nothing when there is none.
  void destroy(String handle);

  /// The handles of all keys.
  Set<String> handles();

  /// How often the device says that it signed with this key, whoever asked it to; empty when it
  /// does not count, or has no such key.
  OptionalLong counted(String handle);

  /// A key pair that was made: its handle, its public half, and how it was made.
  record StoredKey(String handle, Algorithm algorithm, PublicKey publicKey, KeyOrigin origin) {}

  /// Signs with one private key. Safe to call concurrently.
  interface Signer extends AutoCloseable {
    /// The signature in its JOSE form: ES256 as `r || s`, 64 bytes; Ed25519, 64 bytes.
    ///
    /// @throws KeysException KEY_GONE after `close` or after the key was destroyed
    byte[] sign(byte[] input);

    /// Whether it may sign, as far as is known: not closed, its key not destroyed nor found
    /// missing.
    boolean isOpen();

    /// Forgets the private key. Idempotent.
    @Override
    void close();
  }
}
