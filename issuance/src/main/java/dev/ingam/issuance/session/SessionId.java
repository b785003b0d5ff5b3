package dev.ingam.issuance.session;

import dev.ingam.wire.Base64Url;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The id of a log-in session: 128 random bits, 22 characters of base64url. It is a secret: only
/// the answer to the log-in event and the log-in system carry it, we keep its SHA-256.
public final class SessionId {
  private static final int BYTES = 16;

  private final String text;
  private final byte[] hash;

  private SessionId(byte[] bytes) {
    text = Base64Url.encode(bytes);
    hash = sha256(bytes);
  }

  static SessionId make(SecureRandom random) {
    var bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new SessionId(bytes);
  }

  /// The id, or null when the text is none.
  public static @Nullable SessionId parse(String text) {
    if (text.length() != 22) {
      return null;
    }
    var bytes = Base64Url.decode(text);
    return bytes == null || bytes.length != BYTES ? null : new SessionId(bytes);
  }

  /// The id itself, for the one answer that hands it out.
  public String reveal() {
    return text;
  }

  byte[] hash() {
    return hash.clone();
  }

  /// The name under which the hash is found; not secret.
  SessionKey key() {
    return SessionKey.of(hash);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SessionId that && MessageDigest.isEqual(hash, that.hash);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hash);
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
