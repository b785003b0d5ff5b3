package dev.ingam.issuance.ledger;

import java.security.SecureRandom;
import java.util.List;

/// What makes serials and books unforgeable.
///
/// @param serialKeys the installation's, 16 bytes each, newest first
/// @param wrapper seals the key of each book
/// @param random makes book numbers and book keys
public record LedgerSecrets(List<byte[]> serialKeys, BookKeyWrapper wrapper, SecureRandom random) {
  public LedgerSecrets {
    serialKeys = List.copyOf(serialKeys);
    if (serialKeys.isEmpty()) {
      throw new IllegalArgumentException("expected at least one serial key, came none");
    }
  }

  @Override
  public String toString() {
    return "LedgerSecrets[redacted]";
  }
}
