package dev.ingam.wire;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Nonces for DPoP proofs ([RFC 9449 sections 8](https://www.rfc-editor.org/rfc/rfc9449#section-8)
/// and 9): who has to put a fresh one into each proof cannot have made it long before. None is
/// stored: a nonce is the minute in which it was given, with a MAC under a key of this process, and
/// is good in that minute and the two after it. Who restarts refuses those from before, and so
/// needs no memory of proofs that he saw then. Safe to call concurrently.
public final class DpopNonces {
  private static final long SECONDS = 60;
  private static final int MINUTES = 2;
  private static final int MAC_BYTES = 16;
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;
  private final Clock clock;

  private record Given(long minute, String nonce) {}

  // Any thread replaces it whole; losing a race costs one more writing.
  private volatile Given last;

  public DpopNonces(SecureRandom random, Clock clock) {
    var bytes = new byte[32];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, ALGORITHM);
    this.clock = clock;
    this.last = give(minute());
  }

  /// A nonce to hand out now.
  public String current() {
    var minute = minute();
    var given = last;
    if (given.minute != minute) {
      given = give(minute);
      last = given;
    }
    return given.nonce;
  }

  /// When a nonce of ours is good no more; null when it is none, or good no more now.
  @Nullable Instant deadFrom(String nonce) {
    var bytes = Base64Url.decode(nonce);
    if (bytes == null || bytes.length != Long.BYTES + MAC_BYTES) {
      return null;
    }
    var minute = ByteBuffer.wrap(bytes).getLong();
    var now = minute();
    return minute <= now && minute >= now - MINUTES && MessageDigest.isEqual(bytes, bytes(minute))
        ? Instant.ofEpochSecond((minute + MINUTES + 1) * SECONDS)
        : null;
  }

  private Given give(long minute) {
    return new Given(minute, Base64Url.encode(bytes(minute)));
  }

  private byte[] bytes(long minute) {
    var number = ByteBuffer.allocate(Long.BYTES).putLong(minute).array();
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return ByteBuffer.allocate(Long.BYTES + MAC_BYTES)
          .put(number)
          .put(Arrays.copyOf(mac.doFinal(number), MAC_BYTES))
          .array();
    } catch (GeneralSecurityException e) {
      throw new WireException("expected " + ALGORITHM + " from this Java runtime", e);
    }
  }

  private long minute() {
    return Math.floorDiv(clock.instant().getEpochSecond(), SECONDS);
  }
}
