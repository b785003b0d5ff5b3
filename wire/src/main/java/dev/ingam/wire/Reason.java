package dev.ingam.wire;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Why a token is refused. The set is closed and its codes are stable.
public enum Reason {
  /// Not a token of our profile.
  MALFORMED,
  /// No key of that `kid` is known.
  UNKNOWN_KEY,
  /// The key is past the end of its verify time.
  RETIRED_KEY,
  /// Nothing under the key is honoured any more.
  REVOKED_KEY,
  BAD_SIGNATURE,
  EXPIRED,
  /// Issued in the future.
  NOT_YET_VALID,
  WRONG_ISSUER,
  WRONG_AUDIENCE,
  /// A JWT, but no access token.
  WRONG_TYPE,
  /// The ledger says that it was never issued.
  NOT_ISSUED,
  /// The ledger issued another content under this serial.
  ALTERED,
  /// Single use, and used.
  ALREADY_REDEEMED,
  /// The token, or all before some moment, was withdrawn.
  REVOKED,
  /// No such subject, or not one that this route serves.
  UNKNOWN_SUBJECT,
  /// Presented by another than the one it was bound to.
  SENDER_MISMATCH,
  /// The ledger cannot vouch for the entry.
  LEDGER_DOUBT,
  /// The ledger did not answer, or not in its protocol.
  LEDGER_UNAVAILABLE;

  private final String code = name().toLowerCase(Locale.ROOT);

  public String code() {
    return code;
  }

  public static @Nullable Reason ofCode(String code) {
    for (var reason : values()) {
      if (reason.code.equals(code)) {
        return reason;
      }
    }
    return null;
  }
}
