package dev.ingam.issuance.ledger;

/// Seals book keys under a key of the key store.
public interface BookKeyWrapper {
  /// Seals the secret; what comes out is not secret.
  byte[] wrap(String context, byte[] secret);

  /// Opens what [#wrap(String, byte[])] made under the same context; throws when it was changed.
  byte[] unwrap(String context, byte[] wrapped);
}
