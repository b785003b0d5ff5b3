package dev.ingam.issuance.judge;

import dev.ingam.issuance.ledger.Finding;
import dev.ingam.wire.Reason;
import dev.ingam.wire.TokenDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A token that one of our keys signed and we never issued.
///
/// @param kid of the key that signed it
/// @param finding what the ledger holds; null when the token names no serial at all
/// @param reason why it was refused, were it not expired
/// @param serial what it says as `jti`, when that is a serial
/// @param subject what it says as `sub`. Personal
/// @param token the evidence. Personal
public record Proof(
    String kid,
    Instant foundAt,
    @Nullable Finding finding,
    Reason reason,
    TokenDigest digest,
    @Nullable String serial,
    @Nullable String subject,
    String token) {
  String findingName() {
    return finding == null ? "no_serial" : finding.name().toLowerCase(Locale.ROOT);
  }

  String digestText() {
    var hex = HexFormat.of();
    return hex.toHexDigits(digest.high()) + hex.toHexDigits(digest.low());
  }

  @Override
  public String toString() {
    return "Proof[" + kid + ", " + findingName() + ", redacted]";
  }
}
