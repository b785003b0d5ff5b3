package dev.ingam.issuance.client;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A name in a certificate's subject alternative names ([RFC 8705 section
/// 2.1.2](https://www.rfc-editor.org/rfc/rfc8705#section-2.1.2)). DNS names are compared in lower
/// case, URIs as they are; a wildcard is no name of a client.
public record CertificateName(Kind kind, String value) {
  /// What kind of name; both are `tls_client_auth_san_…` of the RFC.
  public enum Kind {
    DNS,
    URI
  }

  private static final int MAX_DNS = 253;
  private static final Pattern DNS_NAME =
      Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
  private static final Pattern URI_NAME =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]{0,30}:[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,200}");

  public CertificateName {
    value = kind == Kind.DNS ? value.toLowerCase(Locale.ROOT) : value;
  }

  /// What is wrong with it as the name of a client, or null.
  @Nullable String problem() {
    return switch (kind) {
      case DNS ->
          value.length() <= MAX_DNS && DNS_NAME.matcher(value).matches()
              ? null
              : "tls_client_auth_san_dns: expected a DNS name without a wildcard";
      case URI ->
          URI_NAME.matcher(value).matches()
              ? null
              : "tls_client_auth_san_uri: expected a URI of at most 200 visible ASCII characters";
    };
  }

  /// The form in which it is stored and looked up: `dns:proxy.example`.
  String text() {
    return kind.name().toLowerCase(Locale.ROOT) + ":" + value;
  }
}
