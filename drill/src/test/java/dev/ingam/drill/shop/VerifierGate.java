package dev.ingam.drill.shop;

import dev.ingam.verifier.Expectation;
import dev.ingam.verifier.KeySource;
import dev.ingam.verifier.LedgerClient;
import dev.ingam.verifier.Verifier;
import dev.ingam.wire.KeySet;
import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Verdict;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/// Ingam's own verifier as a gate, with a ledger whose every answer is given beforehand: null
/// accepts whatever was signed.
final class VerifierGate implements Gate {
  private final Verifier verifier;
  private final Expectation expectation;

  VerifierGate(KeySet keys, String issuer, @Nullable Reason answer, Clock clock) {
    KeySource source = keys::find;
    this.verifier = Verifier.builder(source, new ForcedLedger(answer), clock).build();
    this.expectation = new Expectation(issuer, "shop", false, false);
  }

  @Override
  public Decision decide(String method, String path, String authorization) {
    var token = authorization.substring("Bearer ".length());
    return switch (verifier.verify(token, expectation)) {
      case Verdict.Accepted accepted -> new Decision.Allowed(accepted.token().claims().subject());
      case Verdict.Refused refused -> new Decision.Refused(401, refused.reason().code());
    };
  }

  private record ForcedLedger(@Nullable Reason answer) implements LedgerClient {
    @Override
    public LedgerAnswer lookup(LedgerItem item) {
      return new LedgerAnswer(item.requestId(), answer);
    }

    @Override
    public LedgerAnswer redeem(LedgerItem item) {
      return new LedgerAnswer(item.requestId(), answer);
    }

    @Override
    public void report(String token) {}

    @Override
    public void close() {}
  }
}
