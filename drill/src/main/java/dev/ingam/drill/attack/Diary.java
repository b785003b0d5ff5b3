package dev.ingam.drill.attack;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// When each forged request for Ingam's gate was sent. Safe to use from many threads.
final class Diary {
  /// Guarded by itself.
  private final List<Instant> sent = new ArrayList<>();

  void write(Instant now) {
    synchronized (sent) {
      sent.add(now);
    }
  }

  long sentUntil(Instant instant) {
    synchronized (sent) {
      return sent.stream().filter(each -> !each.isAfter(instant)).count();
    }
  }

  /// When the first one was sent; the end of time before that.
  Instant first() {
    synchronized (sent) {
      return sent.stream().min(Instant::compareTo).orElse(Instant.MAX);
    }
  }
}
