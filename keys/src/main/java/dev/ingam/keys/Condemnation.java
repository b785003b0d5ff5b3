package dev.ingam.keys;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// That a custody domain bears no key again.
///
/// @param first whether this call condemned it; false for every later one
/// @param taintedKids its keys, which sign no more
/// @param newActiveKids the keys that took over, one for each set that lost its active key; a set
///   for which none could be had then gets one by the clock, as soon as it can be made
/// @param taintedAt when the taint was committed
/// @param replacedAt when the new keys were active; null while the replacement waits for its turn
///   (at most one in ten minutes after the second emergency)
public record Condemnation(
    boolean first,
    String domain,
    List<String> taintedKids,
    List<String> newActiveKids,
    Instant taintedAt,
    @Nullable Instant replacedAt) {
  public Condemnation {
    taintedKids = List.copyOf(taintedKids);
    newActiveKids = List.copyOf(newActiveKids);
  }

  Condemnation again() {
    return new Condemnation(false, domain, taintedKids, newActiveKids, taintedAt, replacedAt);
  }
}
