package dev.ingam.issuance;

import dev.ingam.issuance.client.Client;
import dev.ingam.issuance.client.Clients;
import dev.ingam.issuance.judge.Judge;
import dev.ingam.issuance.judge.JudgeLane;
import dev.ingam.issuance.judge.Judgement;
import dev.ingam.issuance.judge.Ruling;
import dev.ingam.issuance.ledger.IssuanceException;
import dev.ingam.issuance.ledger.Ledger;
import dev.ingam.issuance.watermark.Watermarks;
import dev.ingam.wire.AccessToken;
import dev.ingam.wire.CompactJws;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.Reason;
import dev.ingam.wire.SignatureCheck;
import dev.ingam.wire.TokenDigest;
import dev.ingam.wire.TokenReader;
import dev.ingam.wire.TokenReading;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Checks the tokens with which clients come to the internal doors. They are tokens of ours like
/// any other: signed, entered, short-lived. Signatures once checked are remembered; ledger, key
/// state and client are asked each time.
///
/// What the ledger does not know, and what no token of ours can look like, is shown to the judge,
/// whose lane bounds what that costs: half a second of waiting for each, and the same token again
/// only after ten seconds.
public final class CallerTokens {
  private static final int GOOD_ONES = 4_096;
  private static final int BAD_ONES = 1_024;
  private static final Duration BAD_KEPT = Duration.ofSeconds(10);
  private static final long JUDGING_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long SKEW_SECONDS = 60;
  private static final String BEARER = "bearer ";

  private record Checked(AccessToken token, TokenDigest digest) {}

  /// @param at when it was shown to the judge
  private record Judged(Reason reason, Instant at) {}

  private sealed interface Check {
    record Good(Checked checked) implements Check {}

    record Bad(Reason reason) implements Check {}
  }

  /// What caller tokens are checked against.
  record Against(
      Clients clients, Judge.Keys keys, Ledger ledger, Watermarks watermarks, JudgeLane lane) {}

  private final String issuer;
  private final Against against;
  private final SignatureCheck signatures;
  private final Clock clock;
  private final TokenReader reader = new TokenReader();
  private final RecentTokens<Checked> good = new RecentTokens<>(GOOD_ONES);
  private final RecentTokens<Judged> bad = new RecentTokens<>(BAD_ONES);

  CallerTokens(String issuer, Against against, SignatureCheck signatures, Clock clock) {
    this.issuer = issuer;
    this.against = against;
    this.signatures = signatures;
    this.clock = clock;
  }

  /// Who comes with this header, if he may pass.
  ///
  /// @param authorization the header's value
  /// @param scope what is needed here, one of [Internal]
  public CallerReading check(@Nullable String authorization, String scope) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return new CallerReading.Refused(
          401, null, "expected Authorization: Bearer with a caller token for " + Internal.AUDIENCE);
    }
    var text = authorization.substring(BEARER.length()).strip();
    try {
      return switch (checked(text)) {
        case Check.Bad(Reason reason) -> refused(reason);
        case Check.Good(Checked checked) -> withState(checked, scope);
      };
    } catch (IssuanceException e) {
      return refused(Reason.LEDGER_UNAVAILABLE);
    }
  }

  private Check checked(String text) {
    var whole = RecentTokens.digest(text);
    var known = good.find(whole);
    if (known != null) {
      return new Check.Good(known);
    }
    var refused = bad.find(whole);
    if (refused != null && isFresh(refused)) {
      return new Check.Bad(refused.reason());
    }
    return switch (reader.read(text)) {
      case TokenReading.Unreadable(Reason reason, String detail, CompactJws jws) -> {
        if (jws != null) {
          var _ = show(text, whole, reason);
        }
        yield new Check.Bad(reason);
      }
      case TokenReading.Read(AccessToken token, CompactJws jws) -> checked(whole, token, jws);
    };
  }

  private boolean isFresh(Judged judged) {
    var age = Duration.between(judged.at(), clock.instant());
    return !age.isNegative() && age.compareTo(BAD_KEPT) < 0;
  }

  private Check checked(TokenDigest whole, AccessToken token, CompactJws jws) {
    var digest = jws.digest();
    var ruling = Ruling.of(against.ledger().lookup(token.claims().serial(), digest));
    var reason = ruling.reason();
    if (reason != null) {
      return new Check.Bad(ruling.isMismatch() ? judged(jws.token(), whole, reason) : reason);
    }
    var key = against.keys().find(token.header().kid());
    if (key == null || key.purpose() != KeyPurpose.ACCESS_TOKEN) {
      return new Check.Bad(Reason.UNKNOWN_KEY);
    }
    if (key.algorithm() != token.header().algorithm()
        || !signatures.verify(key, jws.signingInput(), jws.signature())) {
      return new Check.Bad(Reason.BAD_SIGNATURE);
    }
    if (!token.claims().issuer().equals(issuer)) {
      return new Check.Bad(Reason.WRONG_ISSUER);
    }
    if (!token.claims().audience().equals(Internal.AUDIENCE)) {
      return new Check.Bad(Reason.WRONG_AUDIENCE);
    }
    var checked = new Checked(token, digest);
    good.remember(whole, checked);
    return new Check.Good(checked);
  }

  /// Why a token is refused of which the ledger has no matching entry.
  private Reason judged(String text, TokenDigest whole, Reason found) {
    var judgement = show(text, whole, found);
    var reason = judgement == null ? null : judgement.reason();
    if (reason == null) {
      return found;
    }
    bad.remember(whole, new Judged(reason, clock.instant()));
    return reason;
  }

  /// Shows a token to the judge; null when his lane is full. Copies of it are refused meanwhile,
  /// and for some time after he judged.
  private @Nullable Judgement show(String text, TokenDigest whole, Reason found) {
    bad.remember(whole, new Judged(found, clock.instant()));
    Judgement judgement = null;
    try {
      judgement = against.lane().judge(text, "internal-door", JUDGING_NANOS);
    } finally {
      if (judgement == null || judgement.reason() == null) {
        bad.forget(whole);
      }
    }
    return judgement;
  }

  /// What can change while a token lives.
  private CallerReading withState(Checked checked, String scope) {
    var claims = checked.token().claims();
    var now = clock.instant().getEpochSecond();
    if (claims.expiresAt() <= now - SKEW_SECONDS) {
      return refused(Reason.EXPIRED);
    }
    var reason = reasonOfKey(checked.token().header().kid());
    if (reason != null) {
      return refused(reason);
    }
    var ruling = Ruling.of(against.ledger().lookup(claims.serial(), checked.digest()));
    if (ruling.reason() != null) {
      return refused(ruling.reason());
    }
    if (against.watermarks().hits(checked.token())) {
      return refused(Reason.REVOKED);
    }
    var client = against.clients().find(claims.clientId()).filter(Client::enabled).orElse(null);
    if (client == null || !claims.subject().equals(client.subject())) {
      return refused(Reason.UNKNOWN_SUBJECT);
    }
    var scopes = Internal.scopesOf(client);
    if (!claims.scope().contains(scope) || !scopes.contains(scope)) {
      return new CallerReading.Refused(403, null, "expected a caller token with scope " + scope);
    }
    scopes.retainAll(claims.scope());
    return new CallerReading.Known(new Caller(client.id(), scopes));
  }

  private @Nullable Reason reasonOfKey(String kid) {
    var key = against.keys().find(kid);
    if (key == null) {
      return Reason.UNKNOWN_KEY;
    }
    return switch (key.state()) {
      case PREPARED, ACTIVE, RETIRING, TAINTED -> null;
      case RETIRED, DESTROYED -> Reason.RETIRED_KEY;
      case REVOKED -> Reason.REVOKED_KEY;
    };
  }

  private static CallerReading refused(Reason reason) {
    var away = reason == Reason.LEDGER_UNAVAILABLE || reason == Reason.LEDGER_DOUBT;
    return new CallerReading.Refused(
        away ? 503 : 401,
        reason,
        away
            ? "expected the ledger to vouch for this caller token; it cannot now, try again"
            : "expected a live caller token for "
                + Internal.AUDIENCE
                + ", came one that is refused: "
                + reason.code()
                + "; get a new one at the public token endpoint");
  }
}
