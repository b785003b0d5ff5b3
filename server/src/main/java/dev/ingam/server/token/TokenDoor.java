package dev.ingam.server.token;

import dev.ingam.issuance.TokenHandler;
import dev.ingam.server.door.Call;
import dev.ingam.server.door.Door;
import dev.ingam.server.door.Reply;

/// `POST /oauth2/token`: on the public listener for clients themselves, on the internal one for
/// token exchange. Which grant is served where is the handler's rule.
public final class TokenDoor implements Door {
  private final TokenHandler tokens;

  public TokenDoor(TokenHandler tokens) {
    this.tokens = tokens;
  }

  @Override
  public Reply answer(Call call) {
    return TokenReplies.of(tokens.handle(TokenReplies.request(call)));
  }
}
