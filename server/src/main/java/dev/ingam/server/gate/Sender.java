package dev.ingam.server.gate;

import dev.ingam.issuance.client.PresentedCertificate;
import dev.ingam.server.door.Call;
import dev.ingam.server.door.Dpop;
import dev.ingam.verifier.Presentation;
import dev.ingam.wire.TargetUri;
import java.io.ByteArrayInputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who sent the original request, as the reverse proxy tells it: with what token, under which
/// scheme, with which proof, in TLS with which certificate. Where a token is bound to nobody, none
/// of that but the token matters. Of the host nothing is believed: whoever relays a token with its
/// proof to us writes that too.
///
/// @param token null when there is none
/// @param byDpop the scheme was `DPoP`, not `Bearer`
record Sender(@Nullable String token, boolean byDpop) {
  private static final String BEARER = "Bearer ";
  private static final String DPOP = "DPoP ";

  /// [RFC 9440 section 2](https://www.rfc-editor.org/rfc/rfc9440#section-2); nginx can only write
  /// its own form of a certificate, and does so under this name.
  private static final String CERTIFICATE = "Client-Cert";

  private static final String PEM = "-----BEGIN%20CERTIFICATE-----";
  private static final int MAX_CERTIFICATE = 16 * 1024;

  /// [RFC 6750 section 2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1), [RFC 9449 section
  /// 7.1](https://www.rfc-editor.org/rfc/rfc9449#section-7.1).
  static Sender of(Call call) {
    var authorization = call.header("Authorization");
    var bearer = after(BEARER, authorization);
    return bearer == null
        ? new Sender(after(DPOP, authorization), true)
        : new Sender(bearer, false);
  }

  /// What he showed beside the token.
  ///
  /// @param uris where the request may have gone
  /// @param certificates whether the proxy says which certificate there was
  Presentation presentation(Call call, String method, Set<TargetUri> uris, boolean certificates) {
    var proof = byDpop ? Dpop.proof(call) : null;
    var shown =
        byDpop
            ? Presentation.dpop(proof == null ? "" : proof, method, uris)
            : Presentation.bearer();
    return certificates ? shown.withCertificate(thumbprint(call.header(CERTIFICATE))) : shown;
  }

  /// Null when the header holds no certificate.
  private static @Nullable String thumbprint(@Nullable String header) {
    if (header == null || header.length() > MAX_CERTIFICATE) {
      return null;
    }
    try {
      var certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(encoded(header)));
      return PresentedCertificate.thumbprint(certificate);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return null;
    }
  }

  /// DER between two colons in base64, or PEM, percent-encoded.
  private static byte[] encoded(String header) {
    if (header.startsWith(PEM)) {
      return URLDecoder.decode(header, StandardCharsets.US_ASCII)
          .getBytes(StandardCharsets.US_ASCII);
    }
    if (header.length() < 2 || !header.startsWith(":") || !header.endsWith(":")) {
      throw new IllegalArgumentException("expected a byte sequence of RFC 9651");
    }
    return Base64.getDecoder().decode(header.substring(1, header.length() - 1));
  }

  private static @Nullable String after(String scheme, @Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, scheme, 0, scheme.length())) {
      return null;
    }
    var token = authorization.substring(scheme.length()).strip();
    return token.isEmpty() ? null : token;
  }

  @Override
  public String toString() {
    return "Sender[redacted]";
  }
}
