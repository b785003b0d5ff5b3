package dev.ingam.issuance.client;

import dev.ingam.wire.KeySet;
import java.util.Set;
import java.util.TreeSet;

/// How a client proves who it is.
public sealed interface ClientAuthentication {
  /// A JWT signed by a key registered here ([RFC 7523](https://www.rfc-editor.org/rfc/rfc7523)).
  record PrivateKeyJwt(KeySet keys) implements ClientAuthentication {}

  /// A secret made by us. Only its keyed hash is kept.
  record ClientSecret() implements ClientAuthentication {}

  /// A certificate with this name under the client CA of the listener: `tls_client_auth`, [RFC 8705
  /// section 2.1](https://www.rfc-editor.org/rfc/rfc8705#section-2.1).
  record TlsClientAuth(CertificateName name) implements ClientAuthentication {
    @Override
    public Set<String> certificates() {
      return Set.of(name.text());
    }
  }

  /// One of these certificates, whoever issued it: `self_signed_tls_client_auth`, [RFC 8705 section
  /// 2.2](https://www.rfc-editor.org/rfc/rfc8705#section-2.2).
  ///
  /// @param thumbprints SHA-256 of each in base64url
  record SelfSignedTls(Set<String> thumbprints) implements ClientAuthentication {
    public SelfSignedTls {
      thumbprints = Set.copyOf(thumbprints);
    }

    @Override
    public Set<String> certificates() {
      var texts = new TreeSet<String>();
      thumbprints.forEach(each -> texts.add(registration(each)));
      return texts;
    }

    static String registration(String thumbprint) {
      return "sha256:" + thumbprint;
    }
  }

  /// What certificates it is known by, as they are stored; none for a client without.
  default Set<String> certificates() {
    return Set.of();
  }
}
