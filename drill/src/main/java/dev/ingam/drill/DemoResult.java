package dev.ingam.drill;

import dev.ingam.drill.web.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the demo found. `problems` says in words what is not as promised; an empty list means that
/// the demo passed.
record DemoResult(
    int accounts, Exposed exposed, Honest honest, Forged forged, Theft theft, boolean booksAgree) {

  /// How many different people the attacker read, in each of his four roles.
  record Exposed(int signatureOnly, int ingam, int exchangeThief, int reserveThief) {}

  /// The honest shoppers: `withStolenKey` pages were read after the stolen key was gone, with
  /// tokens that it had signed before.
  record Honest(int shoppers, long requests, Map<String, Long> refusals, long withStolenKey) {
    Honest {
      refusals = Map.copyOf(refusals);
    }

    long refused() {
      return refusals.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /// What was sent to Ingam's gate with forged tokens, and to its token endpoint by the exchange
  /// thief.
  record Forged(
      long keysCopied, long requests, long untilReplaced, ForNobody forNobody, Thief thief) {

    /// Tokens for people who do not exist: as the attacker sent them, as the server counted them.
    record ForNobody(long sent, long counted) {}

    /// The exchange thief's requests, and the tokens that he got.
    record Thief(long tries, long tokens) {}
  }

  /// What the server did about it. Milliseconds count from when the attacker sent the first forged
  /// request; -1 means never. All are what was seen from outside, but for the last, the server's
  /// own record of when it condemned the key.
  ///
  /// @param signedAfter tokens that the key signed although it was seen gone before
  record Theft(
      boolean proven,
      long taintMillis,
      long replacedMillis,
      long signedAfter,
      long recordedMillis) {}

  /// Whether every page that the shop served is one that somebody read, page by page and member by
  /// member.
  static boolean agree(Map<String, Long> served, List<Map<String, Long>> read) {
    var all = new TreeMap<String, Long>();
    read.forEach(pages -> pages.forEach((member, count) -> all.merge(member, count, Long::sum)));
    return all.equals(new TreeMap<>(served));
  }

  List<String> problems() {
    var problems = new ArrayList<String>();
    expect(problems, "people exposed behind the gate of 2025", accounts, exposed.signatureOnly());
    expect(problems, "people exposed behind Ingam", 0, exposed.ingam());
    expect(problems, "people exposed to the exchange thief", 0, exposed.exchangeThief());
    expect(problems, "people exposed to the reserve thief", 0, exposed.reserveThief());
    expect(problems, "honest requests refused " + honest.refusals(), 0, honest.refused());
    var forNobody = forged.forNobody();
    expect(problems, "forged for nobody, as counted", forNobody.sent(), forNobody.counted());
    expect(problems, "tokens for the exchange thief", 0, forged.thief().tokens());
    expect(problems, "tokens signed by the key that was gone", 0, theft.signedAfter());
    addMissing(problems);
    return problems;
  }

  /// What did not happen at all: a number beside it would prove nothing.
  private void addMissing(List<String> problems) {
    if (honest.requests() == 0) {
      problems.add("no honest shopper was there");
    }
    if (honest.withStolenKey() == 0) {
      problems.add("no honest token of the stolen key was shown after the key was gone");
    }
    if (!theft.proven() || theft.taintMillis() < 0 || theft.replacedMillis() < 0) {
      problems.add("the theft was not proven, or the key not replaced: " + theft);
    }
    if (!booksAgree) {
      problems.add("the shop served other pages than were read");
    }
  }

  Json toJson() {
    return Json.empty()
        .with("accounts", accounts)
        .with("exposed_signature_only", exposed.signatureOnly())
        .with("exposed_ingam", exposed.ingam())
        .with("exposed_exchange_thief", exposed.exchangeThief())
        .with("exposed_reserve_thief", exposed.reserveThief())
        .with("honest_shoppers", honest.shoppers())
        .with("honest_requests", honest.requests())
        .with("honest_refused", honest.refused())
        .with("honest_pages_with_stolen_key_after_taint", honest.withStolenKey())
        .with("theft_proven", theft.proven())
        .with("taint_ms", theft.taintMillis())
        .with("replaced_ms", theft.replacedMillis())
        .with("taint_recorded_ms", theft.recordedMillis())
        .with("tokens_signed_by_gone_key", theft.signedAfter())
        .with("keys_copied", forged.keysCopied())
        .with("forged_requests", forged.requests())
        .with("forged_requests_until_replaced", forged.untilReplaced())
        .with("forged_for_unknown_subjects", forged.forNobody().counted())
        .with("exchange_thief_tries", forged.thief().tries())
        .with("exchange_thief_tokens", forged.thief().tokens())
        .with("shop_served_equals_attacker_read", booksAgree)
        .with("problems", problems())
        .with("passed", problems().isEmpty());
  }

  private static void expect(List<String> problems, String what, long expected, long came) {
    if (expected != came) {
      problems.add(what + ": expected " + expected + ", came " + came);
    }
  }
}
