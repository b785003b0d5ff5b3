package dev.ingam.server.door;

/// One thing that the server answers on a hot listener. Called on a virtual thread; may block; safe
/// to call concurrently.
@FunctionalInterface
public interface Door {
  Reply answer(Call call);
}
