package dev.ingam.starter;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;

/// What a client is told that does not get through ([RFC 6750 section
/// 3](https://www.rfc-editor.org/rfc/rfc6750#section-3)). Doubt is 503: the token may be good. The
/// status alone is set: `sendError` would lead to the error page, which is refused in its turn.
final class Refusals implements AuthenticationEntryPoint, AccessDeniedHandler {
  private static final String CHALLENGE = "WWW-Authenticate";

  @Override
  public void commence(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException why) {
    if (!(why instanceof RefusedTokenException refused)) {
      response.setHeader(CHALLENGE, "Bearer");
      response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
      return;
    }
    if (refused.isDoubt()) {
      response.setHeader("Retry-After", "1");
      response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      return;
    }
    var dpop = PresentedTokenConverter.isDpop(request);
    var nonce = refused.nonce();
    if (nonce != null) {
      response.setHeader("DPoP-Nonce", nonce);
    }
    var error =
        nonce != null
            ? "use_dpop_nonce"
            : dpop && refused.isOfSender() ? "invalid_dpop_proof" : "invalid_token";
    response.setHeader(CHALLENGE, scheme(dpop) + " error=\"" + error + "\"");
    response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
  }

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException why) {
    var scheme = scheme(PresentedTokenConverter.isDpop(request));
    response.setHeader(CHALLENGE, scheme + " error=\"insufficient_scope\"");
    response.setStatus(HttpServletResponse.SC_FORBIDDEN);
  }

  private static String scheme(boolean dpop) {
    return dpop ? PresentedTokenConverter.DPOP : "Bearer";
  }
}
