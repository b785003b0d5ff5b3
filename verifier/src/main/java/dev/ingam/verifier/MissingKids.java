package dev.ingam.verifier;

import java.util.LinkedHashMap;
import java.util.Map;

/// The `kid`s that a fresh key set did not hold, each for a while, the newest thousand. Safe for
/// several threads (its own lock).
final class MissingKids {
  private static final int MAX = 1024;

  private final long keepMillis;
  private final Map<String, Long> until =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX;
        }
      };

  MissingKids(long keepMillis) {
    this.keepMillis = keepMillis;
  }

  synchronized boolean holds(String kid, long nowMillis) {
    var end = until.get(kid);
    // A clock that was set back must not keep a kid missing for longer.
    return end != null && nowMillis < end && end - nowMillis <= keepMillis;
  }

  synchronized void add(String kid, long nowMillis) {
    until.remove(kid);
    until.put(kid, nowMillis + keepMillis);
  }

  synchronized int size() {
    return until.size();
  }
}
