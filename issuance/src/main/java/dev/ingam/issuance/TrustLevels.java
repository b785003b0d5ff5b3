package dev.ingam.issuance;

import dev.ingam.issuance.audience.Audience;
import dev.ingam.issuance.audience.AudienceMatch;
import dev.ingam.issuance.audience.Audiences;
import dev.ingam.issuance.route.Routes;
import dev.ingam.keys.row.Recall;
import dev.ingam.wire.LedgerState;
import dev.ingam.wire.LoweredTrust;
import dev.ingam.wire.TrustLevel;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How much proof the tokens of an audience need now: the one place that says so. Both, unless the
/// audience has a policy of ours that lowers it, for a time that has begun and not ended, and no
/// route of personal data names it, as far as anybody can know. Asked from memory.
public final class TrustLevels {
  private record Told(LedgerState base, LedgerState state) {}

  private final Audiences audiences;
  private final Routes routes;
  private final Recall recall;
  private final Clock clock;

  // Any thread replaces it whole; losing a race costs one more.
  private volatile @Nullable Told told;

  TrustLevels(Audiences audiences, Routes routes, Recall recall, Clock clock) {
    this.audiences = audiences;
    this.routes = routes;
    this.recall = recall;
    this.clock = clock;
  }

  /// The level for tokens of this audience.
  public TrustLevel of(String audience) {
    return audiences.find(audience) instanceof AudienceMatch.Found(Audience policy)
        ? level(policy)
        : TrustLevel.REQUIRED;
  }

  private TrustLevel level(Audience policy) {
    var lowered = policy.lowered();
    return lowered != null
            && !recall.isBehind()
            && policy.isLowered(clock.instant())
            && !routes.mayServePersonalData(policy.name())
        ? lowered.level()
        : TrustLevel.REQUIRED;
  }

  /// The audiences that are lowered, by name.
  public List<Audience> lowered() {
    return audiences.list().stream()
        .map(Audiences.Kept::audience)
        .filter(policy -> level(policy).isLowered())
        .toList();
  }

  /// What verifiers are told: the watermarks and these. The same object as long as nothing changed.
  LedgerState told(Supplier<LedgerState> watermarks) {
    var base = watermarks.get();
    var trust = lowered().stream().map(TrustLevels::told).limit(LedgerState.MAX_LOWERED).toList();
    var last = told;
    if (last == null || !last.base.equals(base) || !last.state.trust().equals(trust)) {
      last = new Told(base, trust.isEmpty() ? base : base.withTrust(trust));
      told = last;
    }
    return last.state;
  }

  private static LoweredTrust told(Audience policy) {
    var lowered = Objects.requireNonNull(policy.lowered());
    return new LoweredTrust(policy.name(), lowered.level(), lowered.until().getEpochSecond());
  }
}
