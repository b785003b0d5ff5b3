package dev.ingam.issuance.client;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// The certificate with which a peer came: TLS proved that he holds its key, and that it is valid
/// now. Who he is, only [Clients] knows.
///
/// @param trusted whether it stands under the client CA of the listener; else it vouches for itself
///   and its names mean nothing
/// @param thumbprint SHA-256 of the certificate in base64url, `x5t#S256` of [RFC 8705 section
///   3.1](https://www.rfc-editor.org/rfc/rfc8705#section-3.1)
public record PresentedCertificate(boolean trusted, String thumbprint, Set<CertificateName> names) {
  private static final int DNS_NAME = 2;
  private static final int URI_NAME = 6;
  private static final int MAX_NAMES = 64;

  public PresentedCertificate {
    names = Set.copyOf(names);
  }

  /// @throws GeneralSecurityException when its names cannot be read, or are more than 64
  public static PresentedCertificate of(X509Certificate certificate, boolean trusted)
      throws GeneralSecurityException {
    return new PresentedCertificate(trusted, thumbprint(certificate), names(certificate));
  }

  /// How a certificate of its own is registered.
  public static String thumbprint(X509Certificate certificate) throws GeneralSecurityException {
    var digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
  }

  private static Set<CertificateName> names(X509Certificate certificate)
      throws CertificateParsingException {
    var found = new HashSet<CertificateName>();
    var all = certificate.getSubjectAlternativeNames();
    for (List<?> name : all == null ? List.<List<?>>of() : all) {
      var value = String.valueOf(name.get(1));
      if (Objects.equals(name.getFirst(), DNS_NAME)) {
        found.add(new CertificateName(CertificateName.Kind.DNS, value));
      } else if (Objects.equals(name.getFirst(), URI_NAME)) {
        found.add(new CertificateName(CertificateName.Kind.URI, value));
      }
      if (found.size() > MAX_NAMES) {
        throw new CertificateParsingException("expected at most " + MAX_NAMES + " names");
      }
    }
    return found;
  }

  /// What a client may be registered under to be this one.
  List<String> registrations() {
    var texts = new ArrayList<String>();
    texts.add(ClientAuthentication.SelfSignedTls.registration(thumbprint));
    if (trusted) {
      names.forEach(name -> texts.add(name.text()));
    }
    return texts;
  }
}
