package dev.ingam.issuance.audience;

import dev.ingam.issuance.route.DataClass;
import dev.ingam.wire.TrustLevel;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// What an operator wants to be different for an audience. Null is "as it stands", and for an
/// audience without a policy the default.
///
/// @param until when a lowered level ends; null for the longest time, 14 days
/// @param reason of lowering; it goes into the event
public record AudienceChange(
    String name,
    @Nullable String keySet,
    @Nullable DataClass dataClass,
    @Nullable TrustLevel trust,
    @Nullable Instant until,
    @Nullable String reason) {
  /// By so much another's clock may lie ahead when he names the longest time.
  private static final Duration SKEW = Duration.ofMinutes(1);

  /// Whether less proof than before is asked for.
  public boolean lowers() {
    return trust != null && trust.isLowered();
  }

  /// The policy that comes of it.
  ///
  /// @param usual the key set of an audience without a policy
  /// @throws IllegalArgumentException when it is none, with a message for the operator
  public Audience over(@Nullable Audience before, String usual, Instant now) {
    if (!lowers() && (until != null || reason != null)) {
      throw new IllegalArgumentException("expected until and why with trust observe or off alone");
    }
    var base = before == null ? new Audience(name, keySet == null ? usual : keySet) : before;
    return new Audience(
        name,
        keySet == null ? base.keySet() : keySet,
        dataClass == null ? base.dataClass() : dataClass,
        lowered(base, now));
  }

  private @Nullable Lowering lowered(Audience base, Instant now) {
    if (trust == null) {
      return base.isLowered(now) ? base.lowered() : null;
    }
    if (!trust.isLowered()) {
      return null;
    }
    var since = now.truncatedTo(ChronoUnit.SECONDS);
    return new Lowering(trust, since, end(since), reason == null ? "" : reason);
  }

  private Instant end(Instant since) {
    var longest = since.plus(Lowering.MAX);
    if (until == null) {
      return longest;
    }
    var end = until.truncatedTo(ChronoUnit.SECONDS);
    return end.isAfter(longest) && !end.isAfter(longest.plus(SKEW)) ? longest : end;
  }
}
