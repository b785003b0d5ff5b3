package dev.ingam.wire;

import org.jspecify.annotations.Nullable;

/// One token about which the ledger is asked. `requestId` is 128 bits in base64url and makes a
/// retry recognisable; `jti` is what the asker read, empty when it could read none; `singleUse`
/// asks that the token be accepted at most once whatever its entry says.
///
/// @param observed of a report alone: the token was accepted although the ledger would have refused
///   it for this reason, or could not be asked
public record LedgerItem(
    String requestId, String jti, boolean singleUse, String token, @Nullable Reason observed) {
  static final int MAX_JTI = 128;

  /// An item of which nothing was observed.
  public LedgerItem(String requestId, String jti, boolean singleUse, String token) {
    this(requestId, jti, singleUse, token, null);
  }

  public LedgerItem {
    if (!isRequestId(requestId)) {
      throw new IllegalArgumentException("expected a request id of 16 bytes in base64url");
    }
    if (!isJti(jti)) {
      throw new IllegalArgumentException("expected a jti of at most 128 characters");
    }
    if (!isToken(token)) {
      throw new IllegalArgumentException("expected a token of 1 to 8192 visible ASCII characters");
    }
    if (!isObserved(observed)) {
      throw new IllegalArgumentException("expected a reason that is forgiven");
    }
  }

  /// The same item, as one that was accepted all the same.
  public LedgerItem observed(Reason reason) {
    return new LedgerItem(requestId, jti, singleUse, token, reason);
  }

  static boolean isObserved(@Nullable Reason reason) {
    return reason == null || TrustLevel.OBSERVE.forgives(reason);
  }

  /// Whether `text` is 16 bytes in canonical base64url.
  public static boolean isRequestId(String text) {
    return Serial.parse(text) != null;
  }

  static boolean isJti(String text) {
    return text.isEmpty() || AccessToken.isName(text, MAX_JTI);
  }

  static boolean isToken(String text) {
    return AccessToken.isName(text, CompactJws.MAX_LENGTH);
  }
}
