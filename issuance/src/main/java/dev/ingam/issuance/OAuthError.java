package dev.ingam.issuance;

import java.util.Locale;

/// The errors of the token endpoint: those of [RFC 6749 section
/// 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2), [RFC 8693 section
/// 2.2.2](https://www.rfc-editor.org/rfc/rfc8693#section-2.2.2), and what is told when the
/// authority itself cannot.
public enum OAuthError {
  INVALID_REQUEST(400),
  INVALID_CLIENT(401),
  INVALID_GRANT(400),
  UNAUTHORIZED_CLIENT(400),
  UNSUPPORTED_GRANT_TYPE(400),
  INVALID_SCOPE(400),
  INVALID_TARGET(400),
  /// [RFC 9449 section 5](https://www.rfc-editor.org/rfc/rfc9449#section-5)
  INVALID_DPOP_PROOF(400),
  /// The proof lacks the nonce that stands in the answer's `DPoP-Nonce` ([RFC 9449 section
  /// 8](https://www.rfc-editor.org/rfc/rfc9449#section-8)).
  USE_DPOP_NONCE(400),
  /// The authority cannot issue now: no lease, no active key, ledger not writable. Try again.
  TEMPORARILY_UNAVAILABLE(503);

  private final int status;

  OAuthError(int status) {
    this.status = status;
  }

  /// The HTTP status that goes with it.
  public int status() {
    return status;
  }

  /// The value of `error`: `invalid_request`.
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
