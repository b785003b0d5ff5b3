package dev.ingam.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A signature algorithm by its fully specified JOSE name. Our own keys are ES256 or Ed25519, or
/// RSA for verifiers that know nothing else; what others signed (client assertions, an upstream
/// log-in system) may be of any.
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

  /// Whether its keys are RSA keys.
  public boolean isRsa() {
    return this == RS256 || this == PS256;
  }

  /// What others may sign with, by all names that are understood.
  public static final List<String> FOREIGN = List.of("ES256", "Ed25519", "EdDSA", "RS256", "PS256");

  /// What others call it: `EdDSA` is what libraries older than RFC 9864 write for Ed25519.
  public static @Nullable Algorithm ofForeign(String name) {
    return name.equals("EdDSA") ? ED25519 : ofJose(name);
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
