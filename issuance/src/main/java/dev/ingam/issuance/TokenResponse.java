package dev.ingam.issuance;

import dev.ingam.wire.JsonWriter;
import org.jspecify.annotations.Nullable;

/// The answer of the token endpoint, and of the endpoints beside it.
public sealed interface TokenResponse {
  /// The HTTP status.
  int status();

  /// The body: JSON in UTF-8, to be sent with `Cache-Control: no-store`.
  byte[] json();

  /// The value of `WWW-Authenticate`, or null.
  @Nullable String challenge();

  /// A token.
  record Granted(Issuer.Issued issued, boolean exchanged) implements TokenResponse {
    @Override
    public int status() {
      return 200;
    }

    @Override
    public byte[] json() {
      var json = new JsonWriter().beginObject().member("access_token", issued.token());
      json.member("token_type", issued.type()).member("expires_in", issued.expiresIn());
      if (exchanged) {
        json.member("issued_token_type", TokenTypes.ACCESS_TOKEN);
      }
      return json.member("scope", String.join(" ", issued.scope())).endObject().toBytes();
    }

    @Override
    public @Nullable String challenge() {
      return null;
    }
  }

  /// Done, and nothing to tell.
  record Done() implements TokenResponse {
    @Override
    public int status() {
      return 200;
    }

    @Override
    public byte[] json() {
      return new JsonWriter().beginObject().endObject().toBytes();
    }

    @Override
    public @Nullable String challenge() {
      return null;
    }
  }

  /// A refusal.
  ///
  /// @param description what was expected, what came, what to do; no secret and no personal datum
  /// @param challenge set when the client tried HTTP Basic ([RFC 6749 section
  ///   5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2))
  record Refused(OAuthError error, String description, @Nullable String challenge)
      implements TokenResponse {
    static Refused of(OAuthError error, String description) {
      return new Refused(error, description, null);
    }

    @Override
    public int status() {
      return error.status();
    }

    @Override
    public byte[] json() {
      return errorBody(error.code(), description);
    }
  }

  /// The body of every error of this server: a stable code, and what was expected, came and helps.
  static byte[] errorBody(String code, String description) {
    return new JsonWriter()
        .beginObject()
        .member("error", code)
        .member("error_description", description)
        .endObject()
        .toBytes();
  }
}
