package dev.ingam.issuance.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// Names of any length (node, boot) as 16 bytes of a header.
final class Names {
  static final int HASH_BYTES = 16;

  private Names() {}

  static byte[] hash(String name) {
    return Arrays.copyOf(sha256().digest(name.getBytes(StandardCharsets.UTF_8)), HASH_BYTES);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("expected SHA-256, which every Java platform has", e);
    }
  }
}
