package dev.ingam.issuance;

import dev.ingam.issuance.ledger.IssuanceException;
import dev.ingam.keys.KeysException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// The token endpoint, whatever carries it. Safe to call concurrently; never throws for what came
/// in.
public final class TokenHandler {
  private static final Logger LOG = LoggerFactory.getLogger(TokenHandler.class);

  private final List<TokenRule> rules;
  private final Issuer issuer;
  private final Map<OAuthError, LongAdder> refused = new EnumMap<>(OAuthError.class);

  TokenHandler(List<TokenRule> rules, Issuer issuer) {
    this.rules = List.copyOf(rules);
    this.issuer = issuer;
    for (var error : OAuthError.values()) {
      refused.put(error, new LongAdder());
    }
  }

  /// The rules in protocol order.
  static List<TokenRule> rules(
      ClientAuthenticator authenticator,
      TokenRules.SenderIsBound senderIsBound,
      TokenRules.SessionIsLive sessionIsLive,
      TokenRules.SessionBearsAnother sessionBearsAnother) {
    return List.of(
        new TokenRules.FormIsReadable(), // RFC 6749 sections 3.2 and 4.4.2
        new TokenRules.GrantIsKnown(), // RFC 6749 section 5.2
        new TokenRules.ListenerServesGrant(), // ours: what a stolen public path cannot reach
        new TokenRules.ClientAuthenticates(authenticator), // RFC 6749 section 2.3, RFC 7523
        new TokenRules.AudienceIsGranted(), // RFC 8693 section 2.1, also for client_credentials
        new TokenRules.ClientHasGrant(), // RFC 6749 section 5.2, unauthorized_client
        new TokenRules.ScopeIsGranted(), // RFC 6749 section 3.3
        new TokenRules.ExchangeIsServed(), // RFC 8693 section 2.1
        senderIsBound, // RFC 9449 section 5, RFC 8705 section 3
        sessionIsLive, // RFC 8693 section 2.1; ours: no token for a person without a session
        sessionBearsAnother); // ours
  }

  /// Answers one request.
  public TokenResponse handle(TokenRequest request) {
    var response = answer(request);
    if (response instanceof TokenResponse.Refused no) {
      var adder = refused.get(no.error());
      if (adder != null) {
        adder.increment();
      }
    }
    return response;
  }

  private TokenResponse answer(TokenRequest request) {
    try {
      var attempt = Attempt.of(request);
      for (var rule : rules) {
        switch (rule.apply(attempt)) {
          case TokenRule.Next(Attempt next) -> attempt = next;
          case TokenRule.Stop(TokenResponse.Refused no) -> {
            return no;
          }
        }
      }
      var exchange = attempt.grant() == GrantType.TOKEN_EXCHANGE;
      return issuer
          .issue(attempt.order())
          .<TokenResponse>map(issued -> new TokenResponse.Granted(issued, exchange))
          .orElseGet(TokenRules.SessionIsLive::ended);
    } catch (IssuanceException | KeysException | DataAccessException | TransactionException e) {
      return unavailable(e);
    }
  }

  private static TokenResponse unavailable(RuntimeException cause) {
    LOG.atWarn()
        .addKeyValue("cause", cause.getClass().getSimpleName())
        .addKeyValue("cause", cause.getMessage())
        .log("No token could be issued");
    if (cause instanceof IssuanceException e
        && e.kind() == IssuanceException.Kind.DATABASE_BEHIND) {
      return TokenResponse.Refused.of(
          OAuthError.TEMPORARILY_UNAVAILABLE,
          "database_behind: nothing is issued until an operator has looked at it");
    }
    return TokenResponse.Refused.of(
        OAuthError.TEMPORARILY_UNAVAILABLE,
        "expected to issue, but ledger, keys or database are not available; try again");
  }

  /// Requests refused with this error since the start.
  public long refused(OAuthError error) {
    var adder = refused.get(error);
    return adder == null ? 0 : adder.sum();
  }

  /// Tokens issued since the start.
  public long issued() {
    return issuer.issued();
  }
}
