package dev.ingam.drill;

import dev.ingam.drill.web.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The attacker's raids in their order, and what came of them.
final class Raids {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Child attacker;
  private final Consumer<String> progress;

  /// What one raid brought, as the attacker counted it.
  record Loot(int people, long requests, Map<String, Long> refusals, Map<String, Long> pages) {
    static Loot of(Json json) {
      return new Loot(
          (int) json.number("people"),
          json.number("requests"),
          json.object("refusals").numbers(),
          json.object("pages").numbers());
    }

    Loot {
      refusals = Map.copyOf(refusals);
      pages = Map.copyOf(pages);
    }
  }

  /// All of it. `forged` are the raids on Ingam's gate with forged tokens: before, during and after
  /// the exchange thief's.
  record Spoils(
      Loot signatureOnly,
      List<Loot> forged,
      Loot exchange,
      long thiefTokens,
      Loot reserve,
      Instant firstSent,
      long keysCopied,
      long forNobody) {

    /// How many different people were read in each role.
    DemoResult.Exposed exposed() {
      return new DemoResult.Exposed(
          signatureOnly.people(), peopleBehindIngam(), exchange.people(), reserve.people());
    }

    /// Whether every page that the shop served is one that the attacker or an honest member read.
    boolean agree(Json books, Map<String, Long> honestPages) {
      var readBehindIngam = pagesBehindIngam();
      readBehindIngam.add(honestPages);
      return DemoResult.agree(books.object("ingam").numbers(), readBehindIngam)
          && DemoResult.agree(
              books.object("signature_only").numbers(), List.of(signatureOnly.pages()));
    }

    private int peopleBehindIngam() {
      var people = new HashSet<String>();
      forged.forEach(loot -> people.addAll(loot.pages().keySet()));
      return people.size();
    }

    long forgedRequests() {
      return forged.stream().mapToLong(Loot::requests).sum();
    }

    private List<Map<String, Long>> pagesBehindIngam() {
      var pages = new ArrayList<Map<String, Long>>();
      forged.forEach(loot -> pages.add(loot.pages()));
      pages.add(exchange.pages());
      return pages;
    }
  }

  Raids(Child attacker, Consumer<String> progress) {
    this.attacker = attacker;
    this.progress = progress;
  }

  /// Runs them all; `beforeIngam` is run just before the first forged request goes to Ingam's gate.
  Spoils run(Runnable beforeIngam) {
    progress.accept("The attacker raids the shop behind the gate of 2025 ...");
    var signatureOnly = Loot.of(attacker.ask("signature-only", PATIENCE));
    progress.accept("The attacker raids the shop behind Ingam ...");
    beforeIngam.run();
    var first = attacker.ask("ingam", PATIENCE);
    progress.accept("The attacker plays the log-in system with its stolen key and credential ...");
    var exchange = attacker.ask("exchange", PATIENCE);
    progress.accept("The attacker comes back with the reserve's keys as well ...");
    var last = attacker.ask("reserve", PATIENCE);
    var reserve = Loot.of(last);
    return new Spoils(
        signatureOnly,
        List.of(Loot.of(first), Loot.of(exchange.object("forged")), reserve),
        Loot.of(exchange),
        exchange.number("tokens"),
        reserve,
        Instant.parse(first.text("first_sent")),
        last.number("keys"),
        first.number("for_nobody") + last.number("for_nobody"));
  }

  /// How many forged requests had been sent to Ingam's gate by then.
  long sentUntil(Instant instant) {
    return attacker.ask("sent-until " + instant, PATIENCE).number("count");
  }

  /// A forged token to try by hand.
  String souvenir() {
    return attacker.ask("souvenir", PATIENCE).text("token");
  }
}
