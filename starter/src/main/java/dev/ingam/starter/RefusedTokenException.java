package dev.ingam.starter;

import dev.ingam.wire.Reason;
import org.springframework.security.core.AuthenticationException;

/// A token was refused. The message is of ours alone: nothing of the token or of whom it is.
final class RefusedTokenException extends AuthenticationException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  RefusedTokenException(Reason reason) {
    super("refused: " + reason.code());
    this.reason = reason;
  }

  /// Whether nobody could say: the token may be good, and nobody has to log in again.
  boolean isDoubt() {
    return reason == Reason.LEDGER_DOUBT || reason == Reason.LEDGER_UNAVAILABLE;
  }

  /// Whether it came from another than whom it is bound to.
  boolean isOfSender() {
    return reason == Reason.SENDER_MISMATCH;
  }
}
