package dev.ingam.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/// A [ReplayStore] in the memory of this process; who restarts forgets.
///
/// Names are kept by the minute in which the message dies, and forgotten with that minute. What
/// died in a minute that is forgotten is refused, so that no replay passes when the clock is put
/// back either.
///
/// Bounded, since forgetting early would let a replay pass: when there is no room a message is
/// refused. An owner may hold as many as are free beside it: one that floods takes half of the room
/// and no more, two take a third each, so that the others always find some.
///
/// What is kept is a fingerprint of owner and name, 128 bits of a hash under a key of this process:
/// nobody can choose a name that is taken for another one.
public final class ReplayMemory implements ReplayStore {
  private static final int KEY_BYTES = 32;
  private static final long SECONDS = 60;

  /// The messages that die in one minute.
  private static final class Minute {
    final FingerprintSet used = new FingerprintSet();
    final Map<String, Integer> byOwner = new HashMap<>();
  }

  private final byte[] key = new byte[KEY_BYTES];
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();

  /// Owned by the lock.
  private final TreeMap<Long, Minute> minutes = new TreeMap<>();

  /// All before this minute is forgotten. Owned by the lock.
  private long firstKept = Long.MIN_VALUE;

  /// @param capacity in all; each takes 16 bytes, 28 at most
  public ReplayMemory(int capacity, SecureRandom random) {
    this.capacity = capacity;
    random.nextBytes(key);
  }

  @Override
  public Outcome remember(String owner, String name, Instant deadFrom, Instant now) {
    var fingerprint = fingerprint(owner, name);
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
      if (heldBy(owner) >= capacity - held()) {
        return Outcome.FULL;
      }
      var kept = minutes.computeIfAbsent(minute, key -> new Minute());
      kept.used.add(fingerprint);
      kept.byOwner.merge(owner, 1, Integer::sum);
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

  private int heldBy(String owner) {
    return minutes.values().stream().mapToInt(each -> each.byOwner.getOrDefault(owner, 0)).sum();
  }

  private static long minute(Instant time) {
    return Math.floorDiv(time.getEpochSecond(), SECONDS);
  }

  /// No owner holds a line break.
  private TokenDigest fingerprint(String owner, String name) {
    var both = (owner + "\n" + name).getBytes(StandardCharsets.UTF_8);
    return TokenDigest.ofSigningInput(
        ByteBuffer.allocate(KEY_BYTES + both.length).put(key).put(both).array());
  }
}
