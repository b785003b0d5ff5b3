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
  private final Map<String, Long> pagesByKey = new TreeMap<>();
  private @Nullable String goneKey;
  private long pagesBefore;
  private long tokensOfGoneKey;
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
    pagesByKey.merge(kid, 1L, Long::sum);
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

  /// From now on the stolen key is known to be gone: it must sign nothing more.
  synchronized void gone(String kid) {
    goneKey = kid;
    pagesBefore = pagesByKey.getOrDefault(kid, 0L);
  }

  /// The key that is gone; asked before a token is asked for. Null while none is.
  synchronized @Nullable String goneKey() {
    return goneKey;
  }

  /// A token that came.
  ///
  /// @param goneBefore the key that was gone before it was asked for
  synchronized void token(String kid, @Nullable String goneBefore) {
    if (kid.equals(goneBefore)) {
      tokensOfGoneKey++;
    }
  }

  /// Tokens that the stolen key signed although it was gone when they were asked for.
  synchronized long tokensOfGoneKey() {
    return tokensOfGoneKey;
  }

  /// Pages read since it was gone with tokens that it had signed before.
  synchronized long pagesWithGoneKey() {
    return goneKey == null ? 0 : pagesByKey.getOrDefault(goneKey, 0L) - pagesBefore;
  }
}
