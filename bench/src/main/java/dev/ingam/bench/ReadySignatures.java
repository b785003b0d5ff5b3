package dev.ingam.bench;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Signature objects of one key that wait for their next use, as the server keeps them.
final class ReadySignatures {
  /// Makes one more.
  @FunctionalInterface
  interface Maker {
    Signature make() throws GeneralSecurityException;
  }

  private final ConcurrentLinkedQueue<Signature> idle = new ConcurrentLinkedQueue<>();
  private final Maker maker;

  ReadySignatures(Maker maker) {
    this.maker = maker;
  }

  Signature take() throws GeneralSecurityException {
    var ready = idle.poll();
    return ready == null ? maker.make() : ready;
  }

  void give(Signature signature) {
    idle.add(signature);
  }
}
