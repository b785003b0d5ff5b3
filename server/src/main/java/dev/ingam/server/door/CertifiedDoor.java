package dev.ingam.server.door;

import dev.ingam.issuance.CallerReading;
import dev.ingam.issuance.client.PresentedCertificate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A door for peers whose certificate says who they are, because the token that comes is somebody
/// else's.
public final class CertifiedDoor implements Door {
  private final Function<@Nullable PresentedCertificate, CallerReading> callers;
  private final Door inside;

  /// @param callers who comes with a certificate, null for one who shows none
  public CertifiedDoor(
      Function<@Nullable PresentedCertificate, CallerReading> callers, Door inside) {
    this.callers = callers;
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
    return CallerDoor.admission(callers.apply(head.certificate()), caller -> inside);
  }
}
