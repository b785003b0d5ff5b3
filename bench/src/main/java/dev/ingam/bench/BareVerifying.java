package dev.ingam.bench;

import dev.ingam.wire.Base64Url;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Verifies the signature of the bearer token and answers 200 or 401: no claim is read, no ledger
/// asked.
final class BareVerifying extends Handler.Abstract {
  private static final String BEARER = "Bearer ";

  private final ReadySignatures signatures;

  BareVerifying(ReadySignatures signatures) {
    this.signatures = signatures;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback)
      throws GeneralSecurityException {
    var authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    response.setStatus(authorization != null && isSigned(authorization) ? 200 : 401);
    callback.succeeded();
    return true;
  }

  private boolean isSigned(String authorization) throws GeneralSecurityException {
    var dot = authorization.lastIndexOf('.');
    if (!authorization.startsWith(BEARER) || dot < BEARER.length()) {
      return false;
    }
    var signature = Base64Url.decode(authorization.substring(dot + 1));
    if (signature == null || signature.length != 64) {
      return false;
    }
    var ready = signatures.take();
    ready.update(
        authorization.substring(BEARER.length(), dot).getBytes(StandardCharsets.ISO_8859_1));
    var good = ready.verify(signature);
    signatures.give(ready);
    return good;
  }
}
