package dev.ingam.starter;

import dev.ingam.wire.AccessToken;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;

/// Who a request is from: the principal is the claims of his token (`@AuthenticationPrincipal
/// AccessToken.Claims`), the name its subject, each scope an authority `SCOPE_…`. The token itself
/// is not kept.
public final class VerifiedToken extends AbstractAuthenticationToken {
  private static final long serialVersionUID = 1L;

  private final transient AccessToken.Claims claims;

  VerifiedToken(AccessToken.Claims claims) {
    super(
        AuthorityUtils.createAuthorityList(
            claims.scope().stream().map(scope -> "SCOPE_" + scope).toList()));
    this.claims = claims;
    super.setAuthenticated(true);
  }

  @Override
  public String getName() {
    return claims.subject();
  }

  @Override
  public Object getCredentials() {
    return "";
  }

  @Override
  public AccessToken.Claims getPrincipal() {
    return claims;
  }

  @Override
  public String toString() {
    return "VerifiedToken[redacted]";
  }
}
