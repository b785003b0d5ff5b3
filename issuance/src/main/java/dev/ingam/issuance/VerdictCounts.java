package dev.ingam.issuance;

import dev.ingam.wire.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Counts what was said of tokens, since the start. Safe to call concurrently, and cheap enough for
/// every request.
public final class VerdictCounts {
  private final LongAdder accepted = new LongAdder();
  private final Map<Reason, LongAdder> refused = new EnumMap<>(Reason.class);

  public VerdictCounts() {
    for (var reason : Reason.values()) {
      refused.put(reason, new LongAdder());
    }
  }

  /// Counts one verdict.
  ///
  /// @param reason null when the token was accepted
  public void count(@Nullable Reason reason) {
    (reason == null ? accepted : of(reason)).increment();
  }

  public long accepted() {
    return accepted.sum();
  }

  public long refused(Reason reason) {
    return of(reason).sum();
  }

  private LongAdder of(Reason reason) {
    return Objects.requireNonNull(refused.get(reason));
  }
}
