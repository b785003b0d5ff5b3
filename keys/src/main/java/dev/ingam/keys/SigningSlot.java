package dev.ingam.keys;

import java.util.concurrent.atomic.LongAdder;

/// A key with its open signer and the number of its signatures in this process.
///
/// @param until the end of its cryptoperiod, in milliseconds since 1970; 0 when it does not sign
/// @param deadline the same by the monotonic clock, in nanoseconds
record SigningSlot(
    KeyRow key, SigningStore.Signer signer, LongAdder signatures, long until, long deadline) {
  /// Opened ahead of its time: it does not sign.
  static SigningSlot waiting(KeyRow key, SigningStore.Signer signer, LongAdder signatures) {
    return new SigningSlot(key, signer, signatures, 0, 0);
  }

  /// As its row now says, until this deadline.
  SigningSlot with(KeyRow newer, long newDeadline) {
    var ends = newer.signsUntil();
    return new SigningSlot(
        newer, signer, signatures, ends == null ? 0 : ends.toEpochMilli(), newDeadline);
  }

  /// Whether its cryptoperiod has ended by either clock.
  boolean hasEnded(Clocks clocks) {
    return clocks.wall().millis() >= until || clocks.nanos().getAsLong() - deadline >= 0;
  }
}
