package dev.ingam.server.door;

/// Whether a request may come in, said before its body is read.
public sealed interface Admission {
  /// It may; this door answers it, and is asked once.
  record In(Door door) implements Admission {}

  /// It may not; this is the answer, and the body is never read.
  record Out(Reply reply) implements Admission {}
}
