package dev.ingam.server;

import dev.ingam.issuance.ledger.BookKeyWrapper;
import dev.ingam.keys.SealingKeys;

/// Keys of books under the sealing keys.
record SealedBookKeys(SealingKeys sealing) implements BookKeyWrapper {
  @Override
  public byte[] wrap(String context, byte[] secret) {
    return sealing.wrap(context, secret);
  }

  @Override
  public byte[] unwrap(String context, byte[] wrapped) {
    return sealing.unwrap(context, wrapped);
  }
}
