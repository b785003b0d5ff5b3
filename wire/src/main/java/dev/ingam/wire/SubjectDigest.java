package dev.ingam.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Names a subject without saying who it is: the first 16 bytes of HMAC-SHA-256 over the subject
/// under a key of the installation. So what outlives a person (events, history, what verifiers are
/// told) does not hold a name, and a list of names opens it only to who has the key. Safe to call
/// concurrently.
public final class SubjectDigest {
  /// Bytes of the key.
  public static final int KEY_BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";
  private static final int LENGTH = 16;

  private final SecretKeySpec key;

  /// @param key is copied
  public SubjectDigest(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("expected a key of 32 bytes, came " + key.length);
    }
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /// The digest: 22 characters of base64url.
  public String of(String subject) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      var digest = mac.doFinal(subject.getBytes(StandardCharsets.UTF_8));
      return Base64Url.encode(Arrays.copyOf(digest, LENGTH));
    } catch (GeneralSecurityException e) {
      throw new WireException("expected HMAC-SHA-256 from this Java runtime, it has none", e);
    }
  }

  @Override
  public String toString() {
    return "SubjectDigest[redacted]";
  }
}
