package dev.ingam.keys.pkcs11;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A partition of an HSM, which PKCS #11 calls a token: it bears the keys of one custody domain.
///
/// @param library the PKCS #11 library of its maker, for this machine
/// @param token its label
/// @param pinFile holds the PIN of its user on one line; its owner's alone (0600). Who has it and
///   the device can sign with every key in the partition, and take none away
/// @param sessions how many may be open at once; fewer than the 64 threads of the doors, so that a
///   device that hangs does not hold them all
public record PartitionConfig(Path library, String token, Path pinFile, int sessions) {
  public static final int DEFAULT_SESSIONS = 32;

  private static final int MOST_SESSIONS = 48;
  private static final int LABEL_BYTES = 32;

  public PartitionConfig {
    int bytes = token.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > LABEL_BYTES || !token.equals(token.strip())) {
      throw new IllegalArgumentException(
          "expected the label of a token, 1 to 32 bytes without spaces around it, came \""
              + token
              + "\"");
    }
    if (sessions < 1 || sessions > MOST_SESSIONS) {
      throw new IllegalArgumentException(
          "expected 1 to " + MOST_SESSIONS + " sessions, came " + sessions);
    }
  }
}
