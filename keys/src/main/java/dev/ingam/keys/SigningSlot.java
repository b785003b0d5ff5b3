package dev.ingam.keys;

import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// An active key with its open signer and the number of its signatures in this process.
///
/// @param until the end of its cryptoperiod, in milliseconds since 1970; 0 when it does not sign
record SigningSlot(KeyRow key, SigningStore.Signer signer, LongAdder signatures, long until) {
  static SigningSlot of(KeyRow key, SigningStore.Signer signer, LongAdder signatures) {
    return new SigningSlot(key, signer, signatures, millis(key.signsUntil()));
  }

  SigningSlot with(KeyRow newer) {
    return new SigningSlot(newer, signer, signatures, millis(newer.signsUntil()));
  }

  private static long millis(@Nullable Instant until) {
    return until == null ? 0 : until.toEpochMilli();
  }
}
