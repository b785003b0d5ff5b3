package dev.ingam.starter;

import dev.ingam.verifier.Examination;
import dev.ingam.verifier.Expectation;
import dev.ingam.verifier.Verifier;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Verdict;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.core.Authentication;

/// Asks the verifier, and through it the ledger, about each token. What it refuses is logged with
/// its reason: never the token, nor whom it names.
final class TokenAuthenticationManager implements AuthenticationManager {
  private static final Logger LOG = LoggerFactory.getLogger(TokenAuthenticationManager.class);

  private final Verifier verifier;
  private final Expectation expected;

  TokenAuthenticationManager(Verifier verifier, Expectation expected) {
    this.verifier = verifier;
    this.expected = expected;
  }

  @Override
  public Authentication authenticate(Authentication authentication) {
    var presented = (PresentedToken) authentication;
    var examination = verifier.examine(presented.token(), expected);
    if (examination instanceof Examination.Passed passed) {
      examination = verifier.confirm(passed, presented.by());
    }
    if (examination instanceof Examination.NonceWanted wanted) {
      throw new RefusedTokenException(Reason.SENDER_MISMATCH, wanted.nonce());
    }
    var verdict =
        examination instanceof Examination.Passed passed
            ? verifier.redeem(passed)
            : ((Examination.Failed) examination).refused();
    if (verdict instanceof Verdict.Accepted accepted) {
      return new VerifiedToken(accepted.token().claims());
    }
    var refused = (Verdict.Refused) verdict;
    // In the message: the usual pattern of a Spring service prints no key-value pairs.
    LOG.info("A token was refused: {}, {}", refused.reason().code(), refused.detail());
    throw new RefusedTokenException(refused.reason());
  }
}
