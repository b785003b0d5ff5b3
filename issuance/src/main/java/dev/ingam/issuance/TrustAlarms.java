package dev.ingam.issuance;

import dev.ingam.issuance.audience.Audience;
import dev.ingam.keys.Alarm;
import dev.ingam.wire.Reason;
import dev.ingam.wire.TrustLevel;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// An alarm for each audience that needs less than both proofs, for as long as that lasts.
final class TrustAlarms {
  private TrustAlarms() {}

  static List<Alarm> of(TrustLevels trust, Observations observed) {
    return trust.lowered().stream().map(each -> of(each, observed.of(each))).toList();
  }

  private static Alarm of(Audience audience, Map<Reason, Long> counts) {
    var lowered = Objects.requireNonNull(audience.lowered());
    return new Alarm(
        "trust_lowered",
        lowered.since(),
        "tokens for "
            + audience.name()
            + " are accepted "
            + (lowered.level() == TrustLevel.OFF
                ? "without asking the ledger (off)"
                : "though the ledger would refuse them (observe)")
            + " until "
            + lowered.until()
            + "; "
            + (lowered.level() == TrustLevel.OFF ? "nobody counts how many" : text(counts)),
        "when you have seen enough: ingam audiences set " + audience.name() + " --trust required");
  }

  private static String text(Map<Reason, Long> counts) {
    return counts.isEmpty()
        ? "none would have been refused so far"
        : "would have been refused so far: "
            + counts.entrySet().stream()
                .map(each -> each.getKey().code() + " " + each.getValue())
                .collect(Collectors.joining(", "));
  }
}
