package dev.ingam.server.ledger;

import dev.ingam.verifier.LedgerStateSource;
import dev.ingam.wire.LedgerState;
import dev.ingam.wire.TrustLevel;
import java.util.function.Function;
import java.util.function.Supplier;

/// What a door of the same process knows of the ledger's state: what is so now, at any time.
public final class InProcessState implements LedgerStateSource {
  private final Supplier<LedgerState> watermarks;
  private final Function<String, TrustLevel> trust;

  public InProcessState(Supplier<LedgerState> watermarks, Function<String, TrustLevel> trust) {
    this.watermarks = watermarks;
    this.trust = trust;
  }

  @Override
  public LedgerState current() {
    return watermarks.get();
  }

  @Override
  public TrustLevel trust(String audience) {
    return trust.apply(audience);
  }
}
