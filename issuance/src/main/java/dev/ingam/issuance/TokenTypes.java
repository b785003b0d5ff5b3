package dev.ingam.issuance;

/// Names of [RFC 8693](https://www.rfc-editor.org/rfc/rfc8693) and [RFC
/// 7523](https://www.rfc-editor.org/rfc/rfc7523).
final class TokenTypes {
  static final String EXCHANGE_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
  static final String CLIENT_CREDENTIALS_GRANT = "client_credentials";
  static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  static final String JWT = "urn:ietf:params:oauth:token-type:jwt";
  static final String ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  private TokenTypes() {}
}
