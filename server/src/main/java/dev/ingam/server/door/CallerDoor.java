package dev.ingam.server.door;

import dev.ingam.issuance.Caller;
import dev.ingam.issuance.CallerReading;
import dev.ingam.issuance.Callers;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/// A door for known callers: asks for a caller token or a certificate of a client that may, before
/// anything else, the body included.
public final class CallerDoor implements Door {
  private final Callers callers;
  private final String scope;
  private final BiFunction<Caller, Call, Reply> inside;

  public CallerDoor(Callers callers, String scope, BiFunction<Caller, Call, Reply> inside) {
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
    var reading = callers.check(head.header("Authorization"), head.certificate(), scope);
    return admission(reading, caller -> call -> inside.apply(caller, call));
  }

  /// What a reading means at a door; the same at all of them.
  ///
  /// @param inside what answers a known caller
  static Admission admission(CallerReading reading, Function<Caller, Door> inside) {
    return switch (reading) {
      case CallerReading.Known(Caller caller) -> new Admission.In(inside.apply(caller));
      case CallerReading.UnknownCertificate unknown ->
          new Admission.Out(
              Reply.json(401, unknown.json())
                  .with(new HttpField(HttpHeader.WWW_AUTHENTICATE, "Bearer")));
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
