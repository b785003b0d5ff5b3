package dev.ingam.issuance;

import dev.ingam.issuance.judge.JudgeLane;
import dev.ingam.issuance.ledger.Finding;
import dev.ingam.issuance.ledger.IssuanceException;
import dev.ingam.issuance.ledger.Ledger;
import dev.ingam.wire.AccessToken;
import dev.ingam.wire.CompactJws;
import dev.ingam.wire.Reason;
import dev.ingam.wire.TokenReader;
import dev.ingam.wire.TokenReading;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Token revocation, `POST /oauth2/revoke` ([RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)): a
/// client gives back a token that was issued to it. Durable when it answers, idempotent, and safe
/// to call concurrently.
///
/// What the ledger holds decides, bound to the digest of the token; the signature adds nothing to
/// that. Whatever is no live token of ours is answered as if it were revoked (section 2.2), and is
/// judged if the ledger does not know it.
public final class TokenRevocation {
  private static final Logger LOG = LoggerFactory.getLogger(TokenRevocation.class);
  private static final Duration SKEW = Duration.ofSeconds(60);

  private final ClientForms forms;
  private final Ledger ledger;
  private final JudgeLane lane;
  private final RevocationEvents events;
  private final Clock clock;
  private final TokenReader reader = new TokenReader();

  TokenRevocation(
      ClientForms forms, Ledger ledger, JudgeLane lane, RevocationEvents events, Clock clock) {
    this.forms = forms;
    this.ledger = ledger;
    this.lane = lane;
    this.events = events;
    this.clock = clock;
  }

  /// Answers one request.
  public TokenResponse handle(TokenRequest request) {
    return switch (forms.read(request, null)) {
      case ClientForms.Refused(TokenResponse.Refused no) -> no;
      case ClientForms.Known known -> revoke(known);
    };
  }

  private TokenResponse revoke(ClientForms.Known known) {
    try {
      return switch (reader.read(known.token())) {
        case TokenReading.Unreadable unreadable -> unknown(known);
        case TokenReading.Read(AccessToken token, CompactJws jws) -> revoke(known, token, jws);
      };
    } catch (IssuanceException e) {
      LOG.atWarn().addKeyValue("cause", e.kind().code()).log("No token could be revoked");
      return unavailable();
    }
  }

  private TokenResponse revoke(ClientForms.Known known, AccessToken token, CompactJws jws) {
    var finding = ledger.lookup(token.claims().serial(), jws.digest());
    return switch (finding) {
      case ISSUED, REDEEMED, REVOKED, SINGLE_USE_DOUBT ->
          token.claims().clientId().equals(known.client().id())
              ? revoke(known, token, finding)
              : ofAnother();
      case EXPIRED -> expired(known, token);
      case ALTERED, FABRICATED, NEVER_ENTERED, VOID -> unknown(known);
      case UNKNOWN_BOOK, FOREIGN_BOOK, INCOMPLETE_BOOK, DAMAGED, UNRECORDED ->
          inDoubt(known, token);
    };
  }

  /// Nobody honours it now. A clock that was put forward may be put back: then it must not live
  /// again.
  private TokenResponse expired(ClientForms.Known known, AccessToken token) {
    if (token.claims().clientId().equals(known.client().id())) {
      var _ = ledger.revoke(token.claims().serial());
    }
    return new TokenResponse.Done();
  }

  private TokenResponse revoke(ClientForms.Known known, AccessToken token, Finding before) {
    if (before == Finding.REVOKED) {
      return new TokenResponse.Done();
    }
    if (!events.hasRoom()) {
      return unavailable();
    }
    var serial = token.claims().serial();
    if (ledger.revoke(serial) != Finding.REVOKED) {
      return unavailable();
    }
    events.add(serial, known.client().id(), token.header().kid());
    return new TokenResponse.Done();
  }

  /// The error of RFC 6749 section 5.2 for what "was issued to another client".
  private static TokenResponse ofAnother() {
    return TokenResponse.Refused.of(
        OAuthError.INVALID_GRANT,
        "expected a token that was issued to this client, came another's; nothing was revoked");
  }

  private TokenResponse unknown(ClientForms.Known known) {
    var _ = lane.judge(known.token(), known.client().id());
    return new TokenResponse.Done();
  }

  /// Nobody honours it now, and it cannot be written down that nobody may later.
  private TokenResponse inDoubt(ClientForms.Known known, AccessToken token) {
    var judgement = lane.judge(known.token(), known.client().id());
    var expired = token.claims().expiresAt() <= clock.instant().minus(SKEW).getEpochSecond();
    var junk = judgement != null && isJunk(judgement.reason());
    return expired || junk ? new TokenResponse.Done() : unavailable();
  }

  private static boolean isJunk(@Nullable Reason reason) {
    return reason == Reason.BAD_SIGNATURE || reason == Reason.UNKNOWN_KEY;
  }

  private static TokenResponse unavailable() {
    return TokenResponse.Refused.of(
        OAuthError.TEMPORARILY_UNAVAILABLE,
        "expected to revoke, but the ledger cannot write it down now; the token may still be good,"
            + " try again");
  }
}
