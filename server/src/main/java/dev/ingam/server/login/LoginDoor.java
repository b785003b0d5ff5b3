package dev.ingam.server.login;

import dev.ingam.issuance.Caller;
import dev.ingam.issuance.LoginEvents;
import dev.ingam.server.door.Call;
import dev.ingam.server.door.Reply;
import java.util.List;
import java.util.function.BiFunction;

/// `POST /events/login` and `/events/logout`: an event and what came of it.
public final class LoginDoor implements BiFunction<Caller, Call, Reply> {
  private final BiFunction<Caller, byte[], LoginEvents.Answer> event;

  public LoginDoor(BiFunction<Caller, byte[], LoginEvents.Answer> event) {
    this.event = event;
  }

  @Override
  public Reply apply(Caller caller, Call call) {
    var answer = event.apply(caller, call.body());
    var json = answer.json();
    return json == null
        ? Reply.empty(answer.status(), List.of())
        : Reply.json(answer.status(), json);
  }
}
