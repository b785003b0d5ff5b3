package dev.ingam.issuance.client;

import dev.ingam.wire.KeySet;

/// How a client proves who it is.
public sealed interface ClientAuthentication {
  /// A JWT signed by a key registered here ([RFC 7523](https://www.rfc-editor.org/rfc/rfc7523)).
  record PrivateKeyJwt(KeySet keys) implements ClientAuthentication {}

  /// A secret made by us. Only its keyed hash is kept.
  record ClientSecret() implements ClientAuthentication {}
}
