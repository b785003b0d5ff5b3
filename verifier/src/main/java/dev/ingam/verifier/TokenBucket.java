package dev.ingam.verifier;

/// Lets so many things happen at once and one more each so many milliseconds. Not safe for several
/// threads: the owner's lock guards it.
final class TokenBucket {
  private final int capacity;
  private final long millisEach;
  private int tokens;
  private long filledAt;

  TokenBucket(int capacity, long millisEach, long nowMillis) {
    this.capacity = capacity;
    this.millisEach = millisEach;
    this.tokens = capacity;
    this.filledAt = nowMillis;
  }

  boolean take(long nowMillis) {
    if (nowMillis < filledAt) {
      filledAt = nowMillis; // the clock was set back
    }
    var earned = (nowMillis - filledAt) / millisEach;
    if (earned > 0) {
      tokens = (int) Math.min(capacity, tokens + earned);
      filledAt += earned * millisEach;
    }
    if (tokens == 0) {
      return false;
    }
    tokens--;
    return true;
  }
}
