package dev.ingam.issuance;

import dev.ingam.issuance.client.Client;
import dev.ingam.issuance.client.Clients;
import dev.ingam.issuance.judge.Judge;
import dev.ingam.issuance.judge.JudgeLane;
import dev.ingam.issuance.ledger.Finding;
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
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Checks the tokens with which clients come to the internal doors. They are tokens of ours like
/// any other: signed, entered, short-lived; a forged one is judged. Signatures once checked are
/// remembered; ledger, key state and client are asked each time.
public final class CallerTokens {
  private static final int MAX_REMEMBERED = 2_048;
  private static final long SKEW_SECONDS = 60;
  private static final String BEARER = "bearer ";

  private record Checked(AccessToken token, TokenDigest digest) {}

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
  private final ConcurrentHashMap<String, Checked> remembered = new ConcurrentHashMap<>();

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
        case Check.Good(Checked good) -> withState(text, good, scope);
      };
    } catch (IssuanceException e) {
      return refused(Reason.LEDGER_UNAVAILABLE);
    }
  }

  private Check checked(String text) {
    var known = remembered.get(text);
    if (known != null) {
      return new Check.Good(known);
    }
    return switch (reader.read(text)) {
      case TokenReading.Unreadable(Reason reason, String detail, CompactJws jws) ->
          new Check.Bad(reason);
      case TokenReading.Read(AccessToken token, CompactJws jws) -> checked(text, token, jws);
    };
  }

  private Check checked(String text, AccessToken token, CompactJws jws) {
    var digest = jws.digest();
    var finding = against.ledger().lookup(token.claims().serial(), digest);
    if (finding != Finding.ISSUED) {
      return new Check.Bad(judged(text));
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
    if (remembered.size() >= MAX_REMEMBERED) {
      remembered.clear();
    }
    remembered.put(text, checked);
    return new Check.Good(checked);
  }

  private Reason judged(String text) {
    var judgement = against.lane().judge(text, "internal-door");
    var reason = judgement == null ? null : judgement.reason();
    return reason == null ? Reason.LEDGER_DOUBT : reason;
  }

  /// What can change while a token lives.
  private CallerReading withState(String text, Checked checked, String scope) {
    var claims = checked.token().claims();
    var now = clock.instant().getEpochSecond();
    if (claims.expiresAt() <= now - SKEW_SECONDS) {
      remembered.remove(text);
      return refused(Reason.EXPIRED);
    }
    var reason = reasonOfKey(checked.token().header().kid());
    if (reason != null) {
      return refused(reason);
    }
    if (against.ledger().lookup(claims.serial(), checked.digest()) != Finding.ISSUED
        || against.watermarks().hits(checked.token())) {
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
