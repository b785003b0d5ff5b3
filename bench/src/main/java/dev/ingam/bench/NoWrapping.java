package dev.ingam.bench;

import dev.ingam.issuance.ledger.BookKeyWrapper;

/// Keys of books that live as long as a bench need no sealing.
record NoWrapping() implements BookKeyWrapper {
  @Override
  public byte[] wrap(String context, byte[] secret) {
    return secret.clone();
  }

  @Override
  public byte[] unwrap(String context, byte[] wrapped) {
    return wrapped.clone();
  }
}
