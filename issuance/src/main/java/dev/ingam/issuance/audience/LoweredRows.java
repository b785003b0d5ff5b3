package dev.ingam.issuance.audience;

import dev.ingam.issuance.route.LoweredAudiences;
import java.time.Clock;

/// The lowered audiences as the database has them, for who adds a route of personal data. A row
/// counts whoever wrote it: one that is put right later must not find such a route.
public final class LoweredRows implements LoweredAudiences {
  private final AudienceStore store;
  private final Clock clock;

  public LoweredRows(Audiences.Storage storage, Clock clock) {
    this.store = new AudienceStore(storage.database(), storage.macs());
    this.clock = clock;
  }

  /// No transaction changes an audience between the answer and the end of the caller's.
  @Override
  public boolean isLowered(String audience) {
    store.lockedSet();
    var now = clock.instant();
    return store.all().stream()
        .anyMatch(row -> row.name().equals(audience) && row.trust().isLowered(now));
  }
}
