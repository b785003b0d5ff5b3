package dev.ingam.cli;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/// The textual encoding of keys (RFC 7468).
final class Pem {
  private Pem() {}

  /// The bytes of the one block with this label; empty when it is not there, not alone or not
  /// base64.
  static Optional<byte[]> body(String text, String label) {
    var block =
        Pattern.compile(
            "-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]+)-----END " + label + "-----");
    var matcher = block.matcher(text);
    if (!matcher.find()) {
      return Optional.empty();
    }
    var encoded = matcher.group(1).replaceAll("\\s", "");
    if (matcher.find()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Base64.getDecoder().decode(encoded));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
