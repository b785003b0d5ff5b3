package dev.ingam.server.door;

import dev.ingam.issuance.Caller;
import dev.ingam.issuance.CallerReading;
import dev.ingam.issuance.CallerTokens;
import java.util.function.BiFunction;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/// A door for known callers: asks for a caller token with a scope before anything else, the body
/// included.
public final class CallerDoor implements Door {
  private final CallerTokens callers;
  private final String scope;
  private final BiFunction<Caller, Call, Reply> inside;

  public CallerDoor(CallerTokens callers, String scope, BiFunction<Caller, Call, Reply> inside) {
    this.callers = callers;
    this.scope = scope;
    this.inside = inside;
  }

  @Override
  public Reply answer(Call call) {
    return switch (admit(call)) {
      case Admission.In(Door door) -> door.answer(call);
      case Admission.Out(Reply reply) -> reply;
    };
  }

  @Override
  public Admission admit(Call head) {
    return switch (callers.check(head.header("Authorization"), scope)) {
      case CallerReading.Known(Caller caller) ->
          new Admission.In(call -> inside.apply(caller, call));
      case CallerReading.Refused refused -> new Admission.Out(refused(refused));
    };
  }

  private static Reply refused(CallerReading.Refused refused) {
    var reply = Reply.json(refused.status(), refused.json());
    var reason = refused.reason();
    if (refused.status() != 503) {
      reply = reply.with(new HttpField(HttpHeader.WWW_AUTHENTICATE, refused.challenge()));
    }
    return reason == null ? reply : reply.with(new HttpField("X-Ingam-Reason", reason.code()));
  }
}
