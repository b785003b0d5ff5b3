package dev.ingam.starter;

import dev.ingam.verifier.Presentation;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;

/// A token as it came with a request, of which nothing is known yet.
final class PresentedToken extends AbstractAuthenticationToken {
  private static final long serialVersionUID = 1L;

  private final String token;
  private final transient Presentation by;

  PresentedToken(String token, Presentation by) {
    super(AuthorityUtils.NO_AUTHORITIES);
    this.token = token;
    this.by = by;
  }

  String token() {
    return token;
  }

  Presentation by() {
    return by;
  }

  @Override
  public Object getCredentials() {
    return token;
  }

  /// Nobody yet.
  @Override
  public Object getPrincipal() {
    return "";
  }

  @Override
  public String toString() {
    return "PresentedToken[redacted]";
  }
}
