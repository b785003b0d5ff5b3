package dev.ingam.server.token;

import dev.ingam.issuance.TokenRevocation;
import dev.ingam.server.door.Call;
import dev.ingam.server.door.Door;
import dev.ingam.server.door.Reply;

/// `POST /oauth2/revoke`.
public final class RevocationDoor implements Door {
  private final TokenRevocation revocation;

  public RevocationDoor(TokenRevocation revocation) {
    this.revocation = revocation;
  }

  @Override
  public Reply answer(Call call) {
    return TokenReplies.of(revocation.handle(TokenReplies.request(call)));
  }
}
