package dev.ingam.server.token;

import dev.ingam.issuance.Listener;
import dev.ingam.issuance.TokenRequest;
import dev.ingam.issuance.TokenResponse;
import dev.ingam.server.door.Call;
import dev.ingam.server.door.Dpop;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.door.Reply;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;

/// Requests and answers of the token endpoint, and of those beside it, as they cross HTTP.
final class TokenReplies {
  /// When the authority itself cannot: soon it can ([RFC 7009 section
  /// 2.2.1](https://www.rfc-editor.org/rfc/rfc7009#section-2.2.1)).
  private static final HttpField SOON = new PreEncodedHttpField(HttpHeader.RETRY_AFTER, "1");

  private TokenReplies() {}

  static TokenRequest request(Call call) {
    return new TokenRequest(
        call.listener() == ListenerName.PUBLIC ? Listener.PUBLIC : Listener.INTERNAL,
        call.header("Content-Type"),
        call.header("Authorization"),
        call.body(),
        call.certificate(),
        Dpop.proof(call));
  }

  static Reply of(TokenResponse response) {
    var reply = Reply.json(response.status(), response.json());
    var challenge = response.challenge();
    if (challenge != null) {
      reply = reply.with(new HttpField(HttpHeader.WWW_AUTHENTICATE, challenge));
    }
    return response.status() == 503 ? reply.with(SOON) : reply;
  }

  static Reply unavailable(String description) {
    return Reply.error(503, "temporarily_unavailable", description).with(SOON);
  }
}
