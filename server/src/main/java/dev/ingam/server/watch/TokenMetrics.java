package dev.ingam.server.watch;

import dev.ingam.issuance.Issuance;
import dev.ingam.issuance.OAuthError;
import dev.ingam.issuance.VerdictCounts;
import dev.ingam.issuance.judge.ProofCount;
import dev.ingam.wire.Reason;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// What was issued, what was said of tokens, and what was proven.
final class TokenMetrics implements Metrics.Part {
  /// What `observe` forgives.
  private static final List<Reason> OBSERVED =
      List.of(Reason.NOT_ISSUED, Reason.ALTERED, Reason.LEDGER_DOUBT, Reason.LEDGER_UNAVAILABLE);

  private final Issuance issuance;
  private final Map<String, VerdictCounts> verdicts;

  TokenMetrics(MetricSources sources) {
    issuance = sources.issuance();
    verdicts = sources.verdicts();
  }

  @Override
  public void bind(MeterRegistry registry) {
    count(registry, "ingam.tokens.issued", "Tokens issued", each -> each.tokens().issued());
    for (var error : OAuthError.values()) {
      FunctionCounter.builder(
              "ingam.token.requests.refused", issuance, each -> each.tokens().refused(error))
          .description("Requests for tokens that got none")
          .tag("error", error.code())
          .register(registry);
    }
    verdicts.forEach((door, counts) -> verdicts(registry, door, counts));
    judged(registry);
    sessions(registry);
    trust(registry);
    Gauge.builder("ingam.issuing", issuance, each -> each.mayIssue() ? 1 : 0)
        .description("1 while this node holds its lease and may issue")
        .register(registry);
  }

  private static void verdicts(MeterRegistry registry, String door, VerdictCounts counts) {
    verdict(registry, door, "accepted", counts, VerdictCounts::accepted);
    for (var reason : Reason.values()) {
      verdict(registry, door, reason.code(), counts, each -> each.refused(reason));
    }
  }

  private static void verdict(
      MeterRegistry registry,
      String door,
      String verdict,
      VerdictCounts counts,
      ToDoubleFunction<VerdictCounts> number) {
    FunctionCounter.builder("ingam.verdicts", counts, number)
        .description("What was said of tokens")
        .tags("door", door, "verdict", verdict)
        .register(registry);
  }

  private void judged(MeterRegistry registry) {
    count(
        registry,
        "ingam.theft.proofs",
        "Forged tokens that prove a stolen key; kept over a restart",
        each -> each.proofs().counts().stream().mapToLong(ProofCount::proofs).sum());
    count(
        registry,
        "ingam.tokens.unproven",
        "Tokens with our signature of which nothing could be concluded",
        each -> each.judge().unproven());
    count(
        registry,
        "ingam.tokens.unjudged",
        "Tokens refused without judging: the lane was full",
        each -> each.judge().unjudged());
    count(
        registry,
        "ingam.exchanges.without.session",
        "Exchanges for people without a log-in session",
        Issuance::exchangesWithoutSession);
  }

  private void sessions(MeterRegistry registry) {
    count(
        registry,
        "ingam.sessions.opened",
        "Log-in sessions opened",
        each -> each.logins().opened());
    Gauge.builder("ingam.sessions.held", issuance, each -> each.sessions().held())
        .description("Log-in sessions held in memory")
        .register(registry);
  }

  private void trust(MeterRegistry registry) {
    Gauge.builder("ingam.trust.lowered.audiences", issuance, each -> each.trust().lowered().size())
        .description("Audiences that need less than both proofs")
        .register(registry);
    for (var reason : OBSERVED) {
      FunctionCounter.builder(
              "ingam.tokens.observed",
              issuance,
              each -> each.observed().total().getOrDefault(reason, 0L))
          .description("Tokens accepted under observe that would have been refused")
          .tag("reason", reason.code())
          .register(registry);
    }
  }

  private void count(
      MeterRegistry registry, String name, String what, ToDoubleFunction<Issuance> number) {
    FunctionCounter.builder(name, issuance, number).description(what).register(registry);
  }
}
