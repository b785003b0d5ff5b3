package dev.ingam.issuance.session;

import dev.ingam.wire.Base64Url;
import java.nio.ByteBuffer;

/// The SHA-256 of a session id, as a key of maps.
record SessionKey(long a, long b, long c, long d) {
  static SessionKey of(byte[] hash) {
    var buffer = ByteBuffer.wrap(hash);
    return new SessionKey(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
  }

  byte[] hash() {
    return ByteBuffer.allocate(32).putLong(a).putLong(b).putLong(c).putLong(d).array();
  }

  /// The first 16 bytes of the hash: the `sid` of tokens.
  byte[] sid() {
    return ByteBuffer.allocate(16).putLong(a).putLong(b).array();
  }

  String sidText() {
    return Base64Url.encode(sid());
  }
}
