package dev.ingam.issuance;

import dev.ingam.issuance.client.ClientRight;
import org.jspecify.annotations.Nullable;

/// The grants that are served, each on one listener.
enum GrantType {
  /// [RFC 6749 section 4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)
  CLIENT_CREDENTIALS(
      TokenTypes.CLIENT_CREDENTIALS_GRANT, Listener.PUBLIC, ClientRight.CLIENT_CREDENTIALS),
  /// [RFC 8693](https://www.rfc-editor.org/rfc/rfc8693)
  TOKEN_EXCHANGE(TokenTypes.EXCHANGE_GRANT, Listener.INTERNAL, ClientRight.TOKEN_EXCHANGE);

  private final String parameter;
  private final Listener listener;
  private final ClientRight right;

  GrantType(String parameter, Listener listener, ClientRight right) {
    this.parameter = parameter;
    this.listener = listener;
    this.right = right;
  }

  /// The value of `grant_type`.
  String parameter() {
    return parameter;
  }

  /// The one listener that serves it.
  Listener listener() {
    return listener;
  }

  /// What a client needs for it.
  ClientRight right() {
    return right;
  }

  static @Nullable GrantType of(String parameter) {
    for (var grant : values()) {
      if (grant.parameter.equals(parameter)) {
        return grant;
      }
    }
    return null;
  }
}
