package dev.ingam.drill;

import dev.ingam.drill.web.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What a soak found. `problems` says in words what is not as promised.
///
/// @param falseProofs keys that the server holds to be stolen; none was
record SoakResult(
    long seed, long seconds, Counts counts, Map<String, Integer> troubles, int falseProofs) {
  SoakResult {
    troubles = new TreeMap<>(troubles);
  }

  /// Tokens that came, and questions about them by how they were answered.
  record Counts(
      long issued,
      long redeemed,
      Reasons reasons,
      long redeemedTwice,
      long revokedAccepted,
      long junkAccepted) {}

  /// How often by reason.
  ///
  /// @param refused as it should be
  /// @param withheld put off while something was the matter
  /// @param broken honest ones, refused beyond what the design gives up
  record Reasons(Map<String, Long> refused, Map<String, Long> withheld, Map<String, Long> broken) {
    Reasons {
      refused = new TreeMap<>(refused);
      withheld = new TreeMap<>(withheld);
      broken = new TreeMap<>(broken);
    }
  }

  long honestRefused() {
    return counts.reasons().broken().values().stream().mapToLong(Long::longValue).sum();
  }

  List<String> problems() {
    var problems = new ArrayList<String>();
    none(problems, "honest requests refused " + counts.reasons().broken(), honestRefused());
    none(problems, "single-use tokens accepted twice", counts.redeemedTwice());
    none(problems, "revoked tokens accepted", counts.revokedAccepted());
    none(problems, "tokens accepted that nobody had issued", counts.junkAccepted());
    none(problems, "keys held to be stolen though none was", falseProofs);
    if (counts.issued() == 0 || counts.redeemed() == 0 || counts.reasons().refused().isEmpty()) {
      problems.add("nothing was issued, redeemed or refused: a number beside it proves nothing");
    }
    if (troubles.isEmpty()) {
      problems.add("nothing befell the server");
    }
    return problems;
  }

  private static void none(List<String> problems, String what, long came) {
    if (came != 0) {
      problems.add(what + ": expected 0, came " + came);
    }
  }

  Json toJson() {
    var reasons = counts.reasons();
    return Json.empty()
        .with("seed", seed)
        .with("seconds", seconds)
        .with("issued", counts.issued())
        .with("redeemed", counts.redeemed())
        .with("refused", object(reasons.refused()))
        .with("withheld", object(reasons.withheld()))
        .with("honest_refused", honestRefused())
        .with("honest_refused_reasons", object(reasons.broken()))
        .with("redeemed_twice", counts.redeemedTwice())
        .with("revoked_accepted", counts.revokedAccepted())
        .with("junk_accepted", counts.junkAccepted())
        .with("false_proofs", falseProofs)
        .with("troubles", object(troubles))
        .with("problems", problems())
        .with("passed", problems().isEmpty());
  }

  /// For people.
  String toText() {
    var reasons = counts.reasons();
    var text = new StringBuilder();
    line(text, "played", seconds + " s, seed " + seed + ", troubles " + troubles);
    line(text, "issued", counts.issued());
    line(text, "redeemed", counts.redeemed());
    line(text, "refused, as it should be", reasons.refused());
    line(text, "put off during troubles", reasons.withheld());
    line(text, "honest refused beyond that", honestRefused());
    line(text, "redeemed twice", counts.redeemedTwice());
    line(text, "revoked accepted", counts.revokedAccepted());
    line(text, "never issued, accepted", counts.junkAccepted());
    line(text, "false proofs of theft", falseProofs);
    problems().forEach(problem -> line(text, "NOT AS PROMISED", problem));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, Object value) {
    text.append(String.format(Locale.ROOT, "  %-28s %s%n", name, value));
  }

  private static Json object(Map<String, ? extends Number> numbers) {
    var json = Json.empty();
    for (var each : numbers.entrySet()) {
      json = json.with(each.getKey(), each.getValue());
    }
    return json;
  }
}
