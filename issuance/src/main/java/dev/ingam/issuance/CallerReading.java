package dev.ingam.issuance;

import dev.ingam.wire.Reason;
import org.jspecify.annotations.Nullable;

/// What came of looking at a caller token.
public sealed interface CallerReading {
  /// This client, with the scope that was needed.
  record Known(Caller caller) implements CallerReading {}

  /// A certificate that is no client's, or not the client's whose token came with it: 401.
  record UnknownCertificate(String description) implements CallerReading {
    /// The body to send.
    public byte[] json() {
      return TokenResponse.errorBody("unknown_certificate", description);
    }
  }

  /// Nobody, or not allowed here.
  ///
  /// @param status 401; 403 when the token is good and lacks the scope; 503 when the ledger is away
  /// @param reason why the token is refused; null when there is none or it lacks the scope
  record Refused(int status, @Nullable Reason reason, String description) implements CallerReading {
    /// The value of `WWW-Authenticate` ([RFC 6750 section
    /// 3](https://www.rfc-editor.org/rfc/rfc6750#section-3)).
    public String challenge() {
      return switch (status) {
        case 403 -> "Bearer error=\"insufficient_scope\"";
        default -> reason == null ? "Bearer" : "Bearer error=\"invalid_token\"";
      };
    }

    /// The body to send.
    public byte[] json() {
      var code =
          status == 403 ? "insufficient_scope" : reason == null ? "no_token" : "invalid_token";
      return TokenResponse.errorBody(status == 503 ? "ledger_unavailable" : code, description);
    }
  }
}
