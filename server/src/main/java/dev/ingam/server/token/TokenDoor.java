package dev.ingam.server.token;

import dev.ingam.issuance.TokenHandler;
import dev.ingam.server.door.Call;
import dev.ingam.server.door.Door;
import dev.ingam.server.door.Dpop;
import dev.ingam.server.door.Reply;
import dev.ingam.wire.DpopCheck;

/// `POST /oauth2/token`: on the public listener for clients themselves, on the internal one for
/// token exchange. Which grant is served where is the handler's rule.
public final class TokenDoor implements Door {
  private final TokenHandler tokens;
  private final DpopCheck dpop;

  public TokenDoor(TokenHandler tokens, DpopCheck dpop) {
    this.tokens = tokens;
    this.dpop = dpop;
  }

  @Override
  public Reply answer(Call call) {
    var reply = TokenReplies.of(tokens.handle(TokenReplies.request(call)));
    return call.has(Dpop.HEADER) ? Dpop.withNonce(reply, dpop) : reply;
  }
}
