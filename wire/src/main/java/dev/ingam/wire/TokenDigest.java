package dev.ingam.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/// What the ledger knows a token by: the first 128 bits of SHA-256 over the JWS signing input
/// (header, dot, payload). The signature stays outside, since anyone can make `(r, n-s)` out of
/// `(r, s)`.
public record TokenDigest(long high, long low) {

  public static TokenDigest ofSigningInput(byte[] ascii) {
    return ofSigningInput(ascii, 0, ascii.length);
  }

  public static TokenDigest ofSigningInput(byte[] ascii, int from, int to) {
    var sha = sha256();
    sha.update(ascii, from, to - from);
    var hash = ByteBuffer.wrap(sha.digest());
    return new TokenDigest(hash.getLong(), hash.getLong());
  }

  /// The digest of a compact JWS; null when `token` has not exactly two dots, is longer than any
  /// token or is not text of single characters. Nothing else is checked.
  public static @Nullable TokenDigest ofToken(String token) {
    if (token.length() > CompactJws.MAX_LENGTH) {
      return null;
    }
    var first = token.indexOf('.');
    var last = token.lastIndexOf('.');
    if (first == last || token.indexOf('.', first + 1) != last) {
      return null;
    }
    var ascii = token.getBytes(StandardCharsets.ISO_8859_1);
    return ascii.length == token.length() ? ofSigningInput(ascii, 0, last) : null;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new WireException("expected a Java runtime with SHA-256, found none", e);
    }
  }
}
