package dev.ingam.drill;

import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Reply;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What honest shoppers asked for and got. Every request counts, log-in and log-out too; whatever
/// is not answered with what was asked for counts as refused. Safe to use from many threads: one
/// lock, a few hundred uses a second.
final class ShopperCounts {
  private final Map<String, Long> pages = new TreeMap<>();
  private final Map<String, Long> refusals = new TreeMap<>();
  private final Map<String, Long> requestsByKey = new TreeMap<>();
  private String stolenKey = "";
  private long pagesBefore;
  private long requests;

  /// A page of the shop: it must be about the one who asked.
  synchronized void page(String member, String kid, Reply reply) {
    requests++;
    var page = reply.ok() ? Json.readOrNull(reply.body()) : null;
    if (page == null || !member.equals(page.textOrNull("member"))) {
      var reason = reply.header("x-ingam-reason");
      refusals.merge(reason == null ? "status_" + reply.status() : reason, 1L, Long::sum);
      return;
    }
    pages.merge(member, 1L, Long::sum);
    requestsByKey.merge(kid, 1L, Long::sum);
  }

  synchronized void login(String path, Reply reply) {
    requests++;
    if (!reply.ok()) {
      refusals.merge(path + " " + reply.status(), 1L, Long::sum);
    }
  }

  synchronized void failed(@Nullable String why) {
    requests++;
    refusals.merge(String.valueOf(why), 1L, Long::sum);
  }

  synchronized long requests() {
    return requests;
  }

  /// Why, by reason.
  synchronized Map<String, Long> refusals() {
    return Map.copyOf(refusals);
  }

  /// Pages by member.
  synchronized Map<String, Long> pages() {
    return Map.copyOf(pages);
  }

  /// From now on the key counts as stolen.
  synchronized void stolen(String kid) {
    stolenKey = kid;
    pagesBefore = requestsByKey.getOrDefault(kid, 0L);
  }

  /// Pages read since then with tokens that it had signed.
  synchronized long pagesWithStolenKey() {
    return stolenKey.isEmpty() ? 0 : requestsByKey.getOrDefault(stolenKey, 0L) - pagesBefore;
  }
}
