package dev.ingam.issuance.client;

import dev.ingam.wire.Base64Url;
import java.security.SecureRandom;

/// A client secret at its birth: 256 random bits. Shown once; [#reveal()] is the showing.
public final class NewSecret {
  private static final String PREFIX = "ingam_";
  private static final int BYTES = 32;

  private final String value;

  private NewSecret(String value) {
    this.value = value;
  }

  static NewSecret make(SecureRandom random) {
    var bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new NewSecret(PREFIX + Base64Url.encode(bytes));
  }

  /// The secret itself, for the one answer that hands it to the operator.
  public String reveal() {
    return value;
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
