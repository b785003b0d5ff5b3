package dev.ingam.issuance;

import dev.ingam.wire.Algorithm;
import dev.ingam.wire.JsonWriter;
import java.util.List;

/// The document at `/.well-known/oauth-authorization-server` ([RFC
/// 8414](https://www.rfc-editor.org/rfc/rfc8414)). It speaks of the public listener.
public final class Metadata {
  /// Where the token endpoint stands below the issuer.
  public static final String TOKEN_PATH = "/oauth2/token";

  /// Where the public key set stands below the issuer.
  public static final String JWKS_PATH = "/oauth2/jwks";

  /// Where tokens are introspected, below the issuer.
  public static final String INTROSPECTION_PATH = "/oauth2/introspect";

  /// Where tokens are revoked, below the issuer.
  public static final String REVOCATION_PATH = "/oauth2/revoke";

  private static final List<String> WITHOUT =
      List.of("private_key_jwt", "client_secret_basic", "client_secret_post");
  private static final List<String> WITH_CERTIFICATES =
      List.of(
          "private_key_jwt",
          "client_secret_basic",
          "client_secret_post",
          "tls_client_auth",
          "self_signed_tls_client_auth");

  private final byte[] json;

  /// @param certificates whether clients may show one at the public listener
  Metadata(String issuer, boolean certificates) {
    var document =
        new JsonWriter()
            .beginObject()
            .member("issuer", issuer)
            .member("token_endpoint", issuer + TOKEN_PATH)
            .member("introspection_endpoint", issuer + INTROSPECTION_PATH)
            .member("revocation_endpoint", issuer + REVOCATION_PATH)
            .member("jwks_uri", issuer + JWKS_PATH);
    list(document, "grant_types_supported", List.of(TokenTypes.CLIENT_CREDENTIALS_GRANT));
    list(document, "response_types_supported", List.of());
    for (var endpoint : List.of("token", "introspection", "revocation")) {
      authentication(document, endpoint, certificates);
    }
    list(document, "dpop_signing_alg_values_supported", Algorithm.FOREIGN);
    if (certificates) {
      document.member("tls_client_certificate_bound_access_tokens", true);
    }
    json = document.endObject().toBytes();
  }

  /// Clients prove who they are in the same ways everywhere.
  private static void authentication(JsonWriter document, String endpoint, boolean certificates) {
    list(
        document,
        endpoint + "_endpoint_auth_methods_supported",
        certificates ? WITH_CERTIFICATES : WITHOUT);
    list(document, endpoint + "_endpoint_auth_signing_alg_values_supported", Algorithm.FOREIGN);
  }

  private static void list(JsonWriter json, String name, List<String> values) {
    json.name(name).beginArray();
    values.forEach(json::value);
    json.endArray();
  }

  /// The document.
  public byte[] json() {
    return json.clone();
  }
}
