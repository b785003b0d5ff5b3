package dev.ingam.wire;

import org.jspecify.annotations.Nullable;

/// A signature algorithm by its fully specified JOSE name. Our own keys are ES256 or Ed25519; the
/// RSA ones exist to check what others signed (client assertions, an upstream log-in system).
public enum Algorithm {
  /// [RFC 7518 section 3.4](https://www.rfc-editor.org/rfc/rfc7518#section-3.4)
  ES256("ES256"),
  /// [RFC 9864](https://www.rfc-editor.org/rfc/rfc9864)
  ED25519("Ed25519"),
  /// [RFC 7518 section 3.3](https://www.rfc-editor.org/rfc/rfc7518#section-3.3)
  RS256("RS256"),
  /// [RFC 7518 section 3.5](https://www.rfc-editor.org/rfc/rfc7518#section-3.5)
  PS256("PS256");

  private final String jose;

  Algorithm(String jose) {
    this.jose = jose;
  }

  public String jose() {
    return jose;
  }

  /// Whether access tokens of ours may carry it.
  public boolean ours() {
    return this == ES256 || this == ED25519;
  }

  public static @Nullable Algorithm ofJose(String name) {
    for (var algorithm : values()) {
      if (algorithm.jose.equals(name)) {
        return algorithm;
      }
    }
    return null;
  }
}
