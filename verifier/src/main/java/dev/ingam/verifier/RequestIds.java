package dev.ingam.verifier;

import dev.ingam.wire.Base64Url;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Makes request ids: 64 random bits of this instance and a count. They must differ, not be secret:
/// the ledger takes one only together with the caller and the digest.
final class RequestIds {
  private final long instance;
  private final AtomicLong count = new AtomicLong();

  RequestIds(SecureRandom random) {
    instance = random.nextLong();
  }

  String next() {
    var bytes = ByteBuffer.allocate(16).putLong(instance).putLong(count.incrementAndGet());
    return Base64Url.encode(bytes.array());
  }
}
