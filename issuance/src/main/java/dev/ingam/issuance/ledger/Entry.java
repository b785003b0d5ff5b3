package dev.ingam.issuance.ledger;

import dev.ingam.wire.TokenDigest;
import java.util.Locale;

/// A token as the ledger takes it in.
///
/// @param digest of its signing input
/// @param expiresAt seconds since 1970, as in its `exp`
/// @param kid of the key that signed it
/// @param singleUse whether it is honoured once, whoever asks
/// @param issuedAt seconds since 1970, as in its `iat`
public record Entry(
    TokenDigest digest,
    long expiresAt,
    String kid,
    boolean singleUse,
    Holder holder,
    long issuedAt) {
  private static final long UNSIGNED_INT = 0xFFFF_FFFFL;

  public Entry {
    if (issuedAt < 0 || issuedAt > UNSIGNED_INT || expiresAt <= issuedAt) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected 0 <= issuedAt < expiresAt < 2^32 seconds, came %d and %d",
              issuedAt,
              expiresAt));
    }
    if (expiresAt > UNSIGNED_INT) {
      throw new IllegalArgumentException(
          "expected an expiry of at most 2^32 - 1 seconds, came " + expiresAt);
    }
  }
}
