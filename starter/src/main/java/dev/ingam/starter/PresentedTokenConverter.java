package dev.ingam.starter;

import dev.ingam.verifier.Presentation;
import dev.ingam.wire.TargetUri;
import jakarta.servlet.http.HttpServletRequest;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.AuthenticationConverter;

/// Reads the token of a request ([RFC 6750 section
/// 2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1), [RFC 9449 section
/// 7.1](https://www.rfc-editor.org/rfc/rfc9449#section-7.1)) and what its sender showed beside it.
/// Tokens in the query or the body are none.
final class PresentedTokenConverter implements AuthenticationConverter {
  private final List<TargetUri> origins;

  /// @param origins where clients reach this service
  PresentedTokenConverter(List<TargetUri> origins) {
    this.origins = List.copyOf(origins);
  }

  static final String DPOP = "DPoP";
  private static final String BEARER = "Bearer";
  private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

  @Override
  public @Nullable Authentication convert(HttpServletRequest request) {
    var authorization = one(request, "Authorization");
    var bearer = token(BEARER, authorization);
    var token = bearer == null ? token(DPOP, authorization) : bearer;
    if (token == null) {
      return null;
    }
    return new PresentedToken(
        token,
        (bearer == null ? byDpop(request) : Presentation.bearer())
            .withCertificate(thumbprint(request)));
  }

  /// Whether this request came with the scheme of DPoP.
  static boolean isDpop(HttpServletRequest request) {
    return token(DPOP, one(request, "Authorization")) != null;
  }

  /// Whether it came with a token.
  static boolean isPresented(HttpServletRequest request) {
    return isDpop(request) || token(BEARER, one(request, "Authorization")) != null;
  }

  private Presentation byDpop(HttpServletRequest request) {
    var proof = one(request, DPOP);
    return Presentation.dpop(
        proof == null ? "" : proof,
        request.getMethod(),
        origins.stream()
            .map(origin -> origin.withPath(request.getRequestURI()))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /// Null when the header is absent or comes more than once.
  private static @Nullable String one(HttpServletRequest request, String name) {
    var values = Collections.list(request.getHeaders(name));
    return values.size() == 1 ? values.get(0) : null;
  }

  private static @Nullable String token(String scheme, @Nullable String authorization) {
    var start = scheme + " ";
    if (authorization == null || !authorization.regionMatches(true, 0, start, 0, start.length())) {
      return null;
    }
    var token = authorization.substring(start.length()).strip();
    return token.isEmpty() ? null : token;
  }

  /// Of the certificate with which the sender came in TLS; null when he showed none.
  private static @Nullable String thumbprint(HttpServletRequest request) {
    if (!(request.getAttribute(CERTIFICATES) instanceof X509Certificate[] chain)
        || chain.length == 0) {
      return null;
    }
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (GeneralSecurityException e) {
      return null;
    }
  }
}
