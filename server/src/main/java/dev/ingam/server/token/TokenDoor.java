package dev.ingam.server.token;

import dev.ingam.issuance.Listener;
import dev.ingam.issuance.TokenHandler;
import dev.ingam.issuance.TokenRequest;
import dev.ingam.server.door.Call;
import dev.ingam.server.door.Door;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.door.Reply;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/// `POST /oauth2/token`: on the public listener for clients themselves, on the internal one for
/// token exchange. Which grant is served where is the handler's rule.
public final class TokenDoor implements Door {
  private final TokenHandler tokens;

  public TokenDoor(TokenHandler tokens) {
    this.tokens = tokens;
  }

  @Override
  public Reply answer(Call call) {
    var response =
        tokens.handle(
            new TokenRequest(
                call.listener() == ListenerName.PUBLIC ? Listener.PUBLIC : Listener.INTERNAL,
                call.header("Content-Type"),
                call.header("Authorization"),
                call.body(),
                call.certificate()));
    var reply = Reply.json(response.status(), response.json());
    var challenge = response.challenge();
    return challenge == null
        ? reply
        : reply.with(new HttpField(HttpHeader.WWW_AUTHENTICATE, challenge));
  }
}
