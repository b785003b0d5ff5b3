package dev.ingam.issuance;

import dev.ingam.wire.TokenDigest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Remembers the `jti` of client assertions for as long as one can be presented.
///
/// Two windows: what is remembered in one is forgotten when the next but one begins, which is later
/// than any assertion that was accepted in it lives. Bounded: when a window is full nothing more is
/// accepted until the next begins, because forgetting would let a replay pass.
final class AssertionMemory {
  /// What came of remembering.
  enum Outcome {
    FIRST_USE,
    REPLAYED,
    FULL
  }

  private final Duration window;
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();

  // Both owned by the lock.
  private Set<TokenDigest> current = new HashSet<>();
  private Set<TokenDigest> previous = new HashSet<>();
  private Instant began;

  /// @param window at least as long as an assertion can be presented
  /// @param capacity of one window
  AssertionMemory(Duration window, int capacity, Instant now) {
    this.window = window;
    this.capacity = capacity;
    this.began = now;
  }

  Outcome remember(String clientId, String jti, Instant now) {
    var key = TokenDigest.ofSigningInput((clientId + "\n" + jti).getBytes(StandardCharsets.UTF_8));
    lock.lock();
    try {
      turn(now);
      if (current.contains(key) || previous.contains(key)) {
        return Outcome.REPLAYED;
      }
      if (current.size() >= capacity) {
        return Outcome.FULL;
      }
      current.add(key);
      return Outcome.FIRST_USE;
    } finally {
      lock.unlock();
    }
  }

  private void turn(Instant now) {
    if (now.isBefore(began.plus(window))) {
      return;
    }
    previous = now.isBefore(began.plus(window.multipliedBy(2))) ? current : new HashSet<>();
    current = new HashSet<>();
    began = now;
  }
}
