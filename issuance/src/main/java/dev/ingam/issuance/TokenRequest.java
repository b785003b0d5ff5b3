package dev.ingam.issuance;

import dev.ingam.issuance.client.PresentedCertificate;
import org.jspecify.annotations.Nullable;

/// One POST to the token endpoint or to one beside it, as it came.
///
/// @param listener where it came in
/// @param contentType the header's value
/// @param authorization the header's value
/// @param body the body, at most [#MAX_BODY] bytes of it plus one are needed to see that it is too
///   long
/// @param certificate with which the client came in TLS; null when it showed none
/// @param dpop the value of the header `DPoP`; empty when it came more than once
public record TokenRequest(
    Listener listener,
    @Nullable String contentType,
    @Nullable String authorization,
    byte[] body,
    @Nullable PresentedCertificate certificate,
    @Nullable String dpop) {
  /// Longest body that is read.
  public static final int MAX_BODY = 32 * 1024;

  /// A request without a DPoP proof.
  public TokenRequest(
      Listener listener,
      @Nullable String contentType,
      @Nullable String authorization,
      byte[] body,
      @Nullable PresentedCertificate certificate) {
    this(listener, contentType, authorization, body, certificate, null);
  }

  /// A request without a certificate.
  public TokenRequest(
      Listener listener,
      @Nullable String contentType,
      @Nullable String authorization,
      byte[] body) {
    this(listener, contentType, authorization, body, null);
  }

  @Override
  public String toString() {
    return "TokenRequest[" + listener + ", redacted]";
  }
}
