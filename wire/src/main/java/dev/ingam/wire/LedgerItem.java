package dev.ingam.wire;

/// One token about which the ledger is asked. `requestId` is 128 bits in base64url and makes a
/// retry recognisable; `jti` is what the asker read, empty when it could read none; `singleUse`
/// asks that the token be accepted at most once whatever its entry says.
public record LedgerItem(String requestId, String jti, boolean singleUse, String token) {
  static final int MAX_JTI = 128;

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
