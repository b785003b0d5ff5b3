package dev.ingam.starter;

import dev.ingam.wire.Reason;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.AuthenticationException;

/// A token was refused. The message is of ours alone: nothing of the token or of whom it is.
final class RefusedTokenException extends AuthenticationException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final @Nullable String nonce;

  RefusedTokenException(Reason reason) {
    this(reason, null);
  }

  /// @param nonce to be put into the next DPoP proof; null when that is not what was missing
  RefusedTokenException(Reason reason, @Nullable String nonce) {
    super("refused: " + reason.code());
    this.reason = reason;
    this.nonce = nonce;
  }

  /// Whether nobody could say: the token may be good, and nobody has to log in again.
  boolean isDoubt() {
    return reason == Reason.LEDGER_DOUBT || reason == Reason.LEDGER_UNAVAILABLE;
  }

  /// Whether it came from another than whom it is bound to.
  boolean isOfSender() {
    return reason == Reason.SENDER_MISMATCH;
  }

  @Nullable String nonce() {
    return nonce;
  }
}
