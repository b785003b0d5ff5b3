package dev.ingam.drill.attack;

import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Reply;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What one raid brought: how many personal pages of whom were read, and what the other requests
/// were answered. Safe to use from many threads.
final class Loot {
  private final Map<String, LongAdder> pages = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> refusals = new ConcurrentHashMap<>();
  private final LongAdder requests = new LongAdder();

  /// Counts an answer; true when it is somebody's page. Whose, the page says, not the token that
  /// opened it.
  boolean count(Reply reply) {
    requests.increment();
    var page = reply.ok() ? Json.readOrNull(reply.body()) : null;
    var member = page == null ? null : page.textOrNull("member");
    if (member == null) {
      add(refusals, reason(reply));
      return false;
    }
    add(pages, member);
    return true;
  }

  /// Counts an answer that is no page.
  void refused(String reason) {
    requests.increment();
    add(refusals, reason);
  }

  /// How many different people were read.
  int people() {
    return pages.size();
  }

  Json toJson() {
    return Json.empty()
        .with("people", people())
        .with("requests", requests.sum())
        .with("refusals", counts(refusals))
        .with("pages", counts(pages));
  }

  private static String reason(Reply reply) {
    var reason = reply.header("x-ingam-reason");
    return reason == null ? "status_" + reply.status() : reason;
  }

  private static void add(Map<String, LongAdder> counts, String name) {
    counts.computeIfAbsent(name, unseen -> new LongAdder()).increment();
  }

  private static Json counts(Map<String, LongAdder> counts) {
    var sorted = new TreeMap<String, Object>();
    counts.forEach((name, count) -> sorted.put(name, count.sum()));
    return new Json(sorted);
  }
}
