package dev.ingam.server.door;

/// One thing that the server answers on a hot listener. Safe to call concurrently. One that waits
/// for the database says so in its row ([DoorRow#waits]).
@FunctionalInterface
public interface Door {
  Reply answer(Call call);

  /// Asked before the body is read, so that nobody unknown makes the server hold one.
  ///
  /// @param head the request without its body
  default Admission admit(Call head) {
    return new Admission.In(this);
  }
}
