package dev.ingam.wire;

import org.jspecify.annotations.Nullable;

/// Whom a token is bound to: the claim `cnf` ([RFC 7800](https://www.rfc-editor.org/rfc/rfc7800)).
/// Who presents the token must show that he holds this key.
///
/// @param thumbprint SHA-256 in base64url, 43 characters
public record Confirmation(Method method, String thumbprint) {
  private static final int BYTES = 32;

  /// How the key is shown.
  public enum Method {
    /// By a DPoP proof of the key with this RFC 7638 thumbprint ([RFC 9449 section
    /// 6.1](https://www.rfc-editor.org/rfc/rfc9449#section-6.1)).
    DPOP("jkt"),
    /// By TLS with the certificate of this thumbprint ([RFC 8705 section
    /// 3.1](https://www.rfc-editor.org/rfc/rfc8705#section-3.1)).
    CERTIFICATE("x5t#S256");

    private final String member;

    Method(String member) {
      this.member = member;
    }

    /// The member of `cnf`.
    public String member() {
      return member;
    }
  }

  public Confirmation {
    if (!isThumbprint(thumbprint)) {
      throw new IllegalArgumentException("expected 32 bytes in base64url");
    }
  }

  /// The confirmation in a `cnf`: exactly one member, of those above. Null for anything else.
  static @Nullable Confirmation read(JsonObject cnf) {
    if (cnf.names().size() != 1) {
      return null;
    }
    for (var method : Method.values()) {
      var thumbprint = cnf.string(method.member);
      if (thumbprint != null && isThumbprint(thumbprint)) {
        return new Confirmation(method, thumbprint);
      }
    }
    return null;
  }

  /// Writes the member `cnf`.
  public void writeTo(JsonWriter json) {
    json.name("cnf").beginObject().member(method.member, thumbprint).endObject();
  }

  private static boolean isThumbprint(String text) {
    var bytes = Base64Url.decode(text);
    return bytes != null && bytes.length == BYTES;
  }
}
