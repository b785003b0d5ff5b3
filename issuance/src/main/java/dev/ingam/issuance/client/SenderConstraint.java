package dev.ingam.issuance.client;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Whether the tokens of a client must be bound to who asked for them, so that a stolen one is of
/// no use.
public enum SenderConstraint {
  /// To the key of a DPoP proof where one comes ([RFC
  /// 9449](https://www.rfc-editor.org/rfc/rfc9449)), else to nobody.
  NONE,
  /// No token without a DPoP proof.
  DPOP,
  /// To the certificate with which the client authenticates ([RFC 8705 section
  /// 3](https://www.rfc-editor.org/rfc/rfc8705#section-3)).
  CERTIFICATE;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static @Nullable SenderConstraint ofWireName(String name) {
    for (var constraint : values()) {
      if (constraint.wireName().equals(name)) {
        return constraint;
      }
    }
    return null;
  }
}
