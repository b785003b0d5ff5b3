package dev.ingam.drill.shop;

import dev.ingam.drill.web.Json;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// How many personal pages of whom went out behind one gate. Safe to use from many threads.
final class Served {
  private final Map<String, LongAdder> pages = new ConcurrentHashMap<>();

  void count(String member) {
    pages.computeIfAbsent(member, unseen -> new LongAdder()).increment();
  }

  /// Pages by member.
  Json toJson() {
    var sorted = new TreeMap<String, Object>();
    pages.forEach((member, count) -> sorted.put(member, count.sum()));
    return new Json(sorted);
  }
}
