package dev.ingam.issuance;

import dev.ingam.wire.Base64Url;
import dev.ingam.wire.TokenDigest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// Remembers accepted redemptions for ten seconds, so that a caller whose connection broke can ask
/// again under the same request id and gets the same answer instead of `already_redeemed`.
///
/// A fixed table of 48 bytes a slot, in stripes with a lock each; of four slots that a key can take
/// the oldest is overwritten, so a flood shortens the memory and never grows it. Lost on restart:
/// then a retry is refused, which costs one request and gives nothing away.
///
/// The ten seconds are those of a clock that never jumps: by a wall clock that is put back, a used
/// token would be accepted once more when the clock comes by that time again.
final class RetryMemory {
  static final Duration KEPT = Duration.ofSeconds(10);

  private static final int STRIPES = 64;
  private static final int WAYS = 4;
  private static final int WORDS = 6;

  private static final class Stripe {
    final ReentrantLock lock = new ReentrantLock();
    final long[] words;

    Stripe(int slots) {
      words = new long[slots * WORDS];
    }
  }

  private final Stripe[] stripes = new Stripe[STRIPES];
  private final int groups;
  private final LongSupplier nanos;
  private final long begun;

  /// @param slots a multiple of 256
  /// @param nanos a monotonic clock, as `System::nanoTime`
  RetryMemory(int slots, LongSupplier nanos) {
    this.nanos = nanos;
    this.begun = nanos.getAsLong();
    this.groups = slots / STRIPES / WAYS;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe(slots / STRIPES);
    }
  }

  /// Redeems once: when this very request was accepted before, it is again, whatever the ledger
  /// says by now of a used token. Requests of one key wait for each other.
  ///
  /// @param redeem asks the ledger; true when it accepted
  /// @return whether the request is a retry of an accepted one, or is accepted now
  boolean redeem(String caller, String requestId, TokenDigest digest, BooleanSupplier redeem) {
    var key = key(caller, requestId, digest);
    var hash = mix(key);
    var stripe = stripes[(int) (hash >>> 58)];
    var group = (int) Math.floorMod(hash, (long) groups);
    stripe.lock.lock();
    try {
      var now = nanos.getAsLong() - begun + 1; // 0 is an empty slot
      if (isThere(stripe.words, group, key, now)) {
        return true;
      }
      if (!redeem.getAsBoolean()) {
        return false;
      }
      put(stripe.words, group, key, now);
      return true;
    } finally {
      stripe.lock.unlock();
    }
  }

  private static long[] key(String caller, String requestId, TokenDigest digest) {
    var id = Base64Url.decode(requestId);
    var buffer = ByteBuffer.wrap(id == null || id.length != 16 ? new byte[16] : id);
    var name = TokenDigest.ofSigningInput(caller.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return new long[] {
      buffer.getLong(), buffer.getLong(), digest.high(), digest.low(), name.high()
    };
  }

  private static long mix(long[] key) {
    long hash = 0;
    for (var word : key) {
      hash = (hash ^ word) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 32;
    }
    return hash * 0x9E3779B97F4A7C15L;
  }

  private static boolean isThere(long[] words, int group, long[] key, long now) {
    for (int way = 0; way < WAYS; way++) {
      var at = (group * WAYS + way) * WORDS;
      var age = now - words[at];
      if (words[at] != 0 && age <= KEPT.toNanos() && equal(words, at + 1, key)) {
        return true;
      }
    }
    return false;
  }

  private static boolean equal(long[] words, int from, long[] key) {
    for (int i = 0; i < key.length; i++) {
      if (words[from + i] != key[i]) {
        return false;
      }
    }
    return true;
  }

  private static void put(long[] words, int group, long[] key, long now) {
    var oldest = group * WAYS * WORDS;
    for (int way = 1; way < WAYS; way++) {
      var at = (group * WAYS + way) * WORDS;
      oldest = words[at] < words[oldest] ? at : oldest;
    }
    words[oldest] = now;
    System.arraycopy(key, 0, words, oldest + 1, key.length);
  }
}
