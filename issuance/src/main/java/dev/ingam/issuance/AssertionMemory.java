package dev.ingam.issuance;

import dev.ingam.wire.TokenDigest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/// Remembers the `jti` of client assertions for as long as each can be presented ([RFC 7523 section
/// 3](https://www.rfc-editor.org/rfc/rfc7523#section-3), rule 7).
///
/// They are kept by the minute in which the assertion dies, and forgotten with that minute. What
/// died in a minute that is forgotten is refused, so that no replay passes when the clock is put
/// back either.
///
/// Bounded, since forgetting early would let a replay pass: when there is no room an assertion is
/// refused. A client may hold as many as are free beside it: one that floods takes half of the room
/// and no more, two take a third each, so that the others always find some.
///
/// What is kept is a fingerprint of client and `jti`, 128 bits of a hash under a key of this
/// process: nobody can choose a `jti` that is taken for another one.
final class AssertionMemory {
  private static final int KEY_BYTES = 32;
  private static final long SECONDS = 60;

  /// What came of remembering.
  enum Outcome {
    FIRST_USE,
    REPLAYED,
    /// The client holds its share; nothing was remembered.
    FULL,
    /// The clock was put back behind what was forgotten, so a replay could not be told.
    FORGOTTEN
  }

  /// The assertions that die in one minute.
  private static final class Minute {
    final FingerprintSet used = new FingerprintSet();
    final Map<String, Integer> byClient = new HashMap<>();
  }

  private final byte[] key = new byte[KEY_BYTES];
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();

  /// Owned by the lock.
  private final TreeMap<Long, Minute> minutes = new TreeMap<>();

  /// All before this minute is forgotten. Owned by the lock.
  private long firstKept = Long.MIN_VALUE;

  /// @param capacity in all; each takes 16 bytes, 28 at most
  AssertionMemory(int capacity, SecureRandom random) {
    this.capacity = capacity;
    random.nextBytes(key);
  }

  /// Remembers an assertion that is good but for its `jti`.
  ///
  /// @param deadFrom from then on it is refused for its age
  Outcome remember(String clientId, String jti, Instant deadFrom, Instant now) {
    var fingerprint = fingerprint(clientId, jti);
    var minute = minute(deadFrom);
    lock.lock();
    try {
      forgetBefore(minute(now));
      if (minute < firstKept) {
        return Outcome.FORGOTTEN;
      }
      if (minutes.values().stream().anyMatch(each -> each.used.contains(fingerprint))) {
        return Outcome.REPLAYED;
      }
      if (heldBy(clientId) >= capacity - held()) {
        return Outcome.FULL;
      }
      var kept = minutes.computeIfAbsent(minute, key -> new Minute());
      kept.used.add(fingerprint);
      kept.byClient.merge(clientId, 1, Integer::sum);
      return Outcome.FIRST_USE;
    } finally {
      lock.unlock();
    }
  }

  private void forgetBefore(long minute) {
    if (minute > firstKept) {
      firstKept = minute;
      minutes.headMap(minute).clear();
    }
  }

  private int held() {
    return minutes.values().stream().mapToInt(each -> each.used.size()).sum();
  }

  private int heldBy(String clientId) {
    return minutes.values().stream()
        .mapToInt(each -> each.byClient.getOrDefault(clientId, 0))
        .sum();
  }

  private static long minute(Instant time) {
    return Math.floorDiv(time.getEpochSecond(), SECONDS);
  }

  /// No client id holds a line break.
  private TokenDigest fingerprint(String clientId, String jti) {
    var name = (clientId + "\n" + jti).getBytes(StandardCharsets.UTF_8);
    return TokenDigest.ofSigningInput(
        ByteBuffer.allocate(KEY_BYTES + name.length).put(key).put(name).array());
  }
}
