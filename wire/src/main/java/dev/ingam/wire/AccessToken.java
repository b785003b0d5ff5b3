package dev.ingam.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The content of an access token in our profile of [RFC
/// 9068](https://www.rfc-editor.org/rfc/rfc9068); `docs/spec/token.md` states it.
public record AccessToken(Header header, Claims claims) {
  /// The one `typ` of an access token.
  public static final String TYPE = "at+jwt";

  /// The start of the `sub` of a client that acts for itself.
  public static final String CLIENT_SUBJECT = "client:";

  static final int MAX_SUBJECT_BYTES = 48;
  static final int MAX_CLIENT_ID = 40;
  static final int MAX_NAME = 255;
  static final int MAX_SCOPES = 32;
  static final int MAX_SCOPE = 64;

  /// The last second that a ledger entry can hold.
  static final long MAX_TIME = 0xffff_ffffL;

  /// The protected header; `typ` is always [#TYPE] and nothing else may stand in it.
  public record Header(Algorithm algorithm, String kid) {
    public Header {
      if (!VerificationKey.isKid(kid)) {
        throw new IllegalArgumentException("expected a kid of 1 to 128 visible ASCII characters");
      }
    }
  }

  /// The claims. Times are seconds since 1970; `audience` is one string; `session` (`sid`) is the
  /// first 16 bytes of SHA-256 over the session id in base64url, never the id itself;
  /// `confirmation` (`cnf`) is whom the token is bound to.
  public record Claims(
      String issuer,
      String subject,
      String audience,
      String clientId,
      long issuedAt,
      long expiresAt,
      Serial serial,
      List<String> scope,
      @Nullable String session,
      @Nullable Confirmation confirmation) {
    /// Of a token that is bound to nobody.
    public Claims(
        String issuer,
        String subject,
        String audience,
        String clientId,
        long issuedAt,
        long expiresAt,
        Serial serial,
        List<String> scope,
        @Nullable String session) {
      this(issuer, subject, audience, clientId, issuedAt, expiresAt, serial, scope, session, null);
    }

    public Claims {
      scope = List.copyOf(scope);
      var ofNames = problem(issuer, subject, audience, clientId);
      var problem = ofNames.isEmpty() ? problem(issuedAt, expiresAt, scope, session) : ofNames;
      if (!problem.isEmpty()) {
        throw new IllegalArgumentException(problem);
      }
    }

    /// How the token is presented: `DPoP` when it is bound to the key of a proof ([RFC 9449 section
    /// 5](https://www.rfc-editor.org/rfc/rfc9449#section-5)), else `Bearer`.
    public String tokenType() {
      return confirmation != null && confirmation.method() == Confirmation.Method.DPOP
          ? "DPoP"
          : "Bearer";
    }

    /// Whether a client acts here for itself, not for a person.
    public boolean ofClient() {
      return subject.startsWith(CLIENT_SUBJECT);
    }

    static String problem(String issuer, String subject, String audience, String clientId) {
      if (!isName(issuer, MAX_NAME)) {
        return "expected iss of 1 to 255 visible ASCII characters";
      }
      if (!isSubject(subject)) {
        return "expected sub of 1 to 48 bytes without control characters or spaces at its ends";
      }
      if (!isName(audience, MAX_NAME)) {
        return "expected aud of 1 to 255 visible ASCII characters";
      }
      return isName(clientId, MAX_CLIENT_ID)
          ? ""
          : "expected client_id of 1 to 40 visible ASCII characters";
    }

    static String problem(
        long issuedAt, long expiresAt, List<String> scope, @Nullable String session) {
      return 0 <= issuedAt && issuedAt < expiresAt && expiresAt <= MAX_TIME
          ? problem(scope, session)
          : "expected 0 <= iat < exp < 2^32 seconds";
    }

    private static String problem(List<String> scope, @Nullable String session) {
      if (scope.size() > MAX_SCOPES) {
        return "expected at most 32 scopes";
      }
      for (var one : scope) {
        if (!isScope(one)) {
          return "expected scopes of 1 to 64 characters as in RFC 6749 section 3.3";
        }
      }
      return session == null || Serial.parse(session) != null
          ? ""
          : "expected sid of 16 bytes in base64url";
    }
  }

  /// Whether `text` can be the subject of a person or client: 1 to 48 UTF-8 bytes, no control
  /// character, no lone surrogate, no space of any kind (Unicode `Zs`, `Zl`, `Zp`) first or last:
  /// whoever trims would take two people for one.
  public static boolean isSubject(String text) {
    if (text.isEmpty()
        || text.length() > MAX_SUBJECT_BYTES
        || Character.isSpaceChar(text.charAt(0))
        || Character.isSpaceChar(text.charAt(text.length() - 1))) {
      return false;
    }
    var ascii = true;
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (Character.isISOControl(c)) {
        return false;
      }
      ascii &= c < 0x80;
    }
    return ascii
        || (StandardCharsets.UTF_8.newEncoder().canEncode(text)
            && text.getBytes(StandardCharsets.UTF_8).length <= MAX_SUBJECT_BYTES);
  }

  /// Whether `text` is one scope: the characters of RFC 6749 section 3.3, at most 64.
  public static boolean isScope(String text) {
    return isName(text, MAX_SCOPE) && text.indexOf('"') < 0 && text.indexOf('\\') < 0;
  }

  /// Whether `text` is 1 to `max` visible ASCII characters.
  static boolean isName(String text, int max) {
    if (text.isEmpty() || text.length() > max) {
      return false;
    }
    for (var i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
        return false;
      }
    }
    return true;
  }
}
