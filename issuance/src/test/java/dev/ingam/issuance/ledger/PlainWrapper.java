package dev.ingam.issuance.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Seals nothing, but keeps the context and refuses another one.
final class PlainWrapper implements BookKeyWrapper {
  @Override
  public byte[] wrap(String context, byte[] secret) {
    byte[] name = context.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + name.length + secret.length)
        .put((byte) name.length)
        .put(name)
        .put(secret)
        .array();
  }

  @Override
  public byte[] unwrap(String context, byte[] wrapped) {
    var in = ByteBuffer.wrap(wrapped);
    byte[] name = new byte[in.get()];
    in.get(name);
    if (!context.equals(new String(name, StandardCharsets.UTF_8))) {
      throw new IllegalStateException("expected " + context);
    }
    byte[] secret = new byte[in.remaining()];
    in.get(secret);
    return secret;
  }
}
