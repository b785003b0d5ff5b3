package dev.ingam.issuance;

import dev.ingam.issuance.client.Client;
import dev.ingam.issuance.client.ClientRight;
import org.jspecify.annotations.Nullable;

/// Forms that clients post to the endpoints beside the token endpoint: read and authenticated as
/// there ([RFC 7662 section 2.1](https://www.rfc-editor.org/rfc/rfc7662#section-2.1), [RFC 7009
/// section 2.1](https://www.rfc-editor.org/rfc/rfc7009#section-2.1)). Both speak of one `token`.
public final class ClientForms {
  /// What came of reading a request.
  public sealed interface Reading {}

  /// No such form, or not by a client that may.
  public record Refused(TokenResponse.Refused response) implements Reading {}

  /// A client and what it says.
  public static final class Known implements Reading {
    private final Client client;
    private final Form form;
    private final String token;

    private Known(Client client, Form form, String token) {
      this.client = client;
      this.form = form;
      this.token = token;
    }

    public Client client() {
      return client;
    }

    /// The token that is spoken of, as it came.
    public String token() {
      return token;
    }

    /// A parameter; null when it was not sent or empty.
    public @Nullable String get(String name) {
      return form.get(name);
    }

    @Override
    public String toString() {
      return "Known[" + client.id() + ", redacted]";
    }
  }

  private final ClientAuthenticator authenticator;

  ClientForms(ClientAuthenticator authenticator) {
    this.authenticator = authenticator;
  }

  /// Reads a request of a client.
  ///
  /// @param right what the client must have; null when every client may
  public Reading read(TokenRequest request, @Nullable ClientRight right) {
    return switch (Form.read(request.contentType(), request.body())) {
      case Form.Refused(String detail) -> refused(OAuthError.INVALID_REQUEST, detail);
      case Form.Read(Form form) -> read(request, form, right);
    };
  }

  private Reading read(TokenRequest request, Form form, @Nullable ClientRight right) {
    return switch (authenticator.authenticate(
        form, request.authorization(), request.certificate())) {
      case ClientAuthenticator.Failed failed ->
          new Refused(
              new TokenResponse.Refused(failed.error(), failed.description(), failed.challenge()));
      case ClientAuthenticator.Authenticated(Client client) -> read(client, form, right);
    };
  }

  private static Reading read(Client client, Form form, @Nullable ClientRight right) {
    if (right != null && !client.may(right)) {
      return refused(
          OAuthError.UNAUTHORIZED_CLIENT, "expected a client with the right " + right.wireName());
    }
    var token = form.get("token");
    return token == null
        ? refused(OAuthError.INVALID_REQUEST, "expected the parameter token")
        : new Known(client, form, token);
  }

  private static Refused refused(OAuthError error, String description) {
    return new Refused(TokenResponse.Refused.of(error, description));
  }
}
