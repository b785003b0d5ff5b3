package dev.ingam.server.tls;

import dev.ingam.issuance.client.PresentedCertificate;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Which client certificates pass the handshake: those under the client CA, by PKIX with the list
/// of revoked ones where there is one, and a single one that signs for itself. The latter says
/// nothing of who comes; its thumbprint does, where it is registered.
final class ClientTrust extends X509ExtendedTrustManager {
  private static final X509Certificate[] NO_NAMES = {};
  private static final String ANY_KEY = "UNKNOWN";

  private final X509ExtendedTrustManager underCa;
  private final List<X509Certificate> authorities;
  private final List<X509CRL> revoked;

  private ClientTrust(
      X509ExtendedTrustManager underCa, List<X509Certificate> authorities, List<X509CRL> revoked) {
    this.underCa = underCa;
    this.authorities = List.copyOf(authorities);
    this.revoked = List.copyOf(revoked);
  }

  static ClientTrust read(Path authoritiesFile, @Nullable Path revokedFile, Dates dates)
      throws TlsFileException {
    var authorities = Certificates.read(authoritiesFile);
    for (var each : authorities) {
      if (each.getBasicConstraints() < 0 && !Certificates.isIssuedBy(each, each)) {
        throw new TlsFileException(
            authoritiesFile, "expected certificates of CAs, came one that may issue none");
      }
      if (!dates.allow(each)) {
        throw new TlsFileException(
            authoritiesFile,
            "expected CAs that are valid now, came one until " + each.getNotAfter().toInstant());
      }
    }
    var revoked = revokedFile == null ? List.<X509CRL>of() : revoked(revokedFile, authorities);
    try {
      return new ClientTrust(pkix(authorities, revoked), authorities, revoked);
    } catch (GeneralSecurityException e) {
      throw new TlsFileException(authoritiesFile, "expected CAs to trust, came " + e, e);
    }
  }

  private static List<X509CRL> revoked(Path file, List<X509Certificate> authorities)
      throws TlsFileException {
    var lists = Certificates.readRevoked(file);
    for (var list : lists) {
      if (authorities.stream().noneMatch(each -> isSignedBy(list, each))) {
        throw new TlsFileException(
            file, "expected lists of the CAs in client-ca, came one that none of them signed");
      }
    }
    return lists;
  }

  private static boolean isSignedBy(X509CRL list, X509Certificate authority) {
    try {
      list.verify(authority.getPublicKey());
      return list.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false; // Signed by another.
    }
  }

  /// With a list, what the list does not vouch for is refused: an old list lets nobody in.
  private static X509ExtendedTrustManager pkix(
      List<X509Certificate> authorities, List<X509CRL> revoked) throws GeneralSecurityException {
    var anchors =
        authorities.stream().map(each -> new TrustAnchor(each, null)).collect(Collectors.toSet());
    var parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
    parameters.setRevocationEnabled(!revoked.isEmpty());
    if (!revoked.isEmpty()) {
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(revoked)));
      var checker =
          (PKIXRevocationChecker) CertPathValidator.getInstance("PKIX").getRevocationChecker();
      checker.setOptions(
          EnumSet.of(
              PKIXRevocationChecker.Option.PREFER_CRLS,
              PKIXRevocationChecker.Option.NO_FALLBACK,
              PKIXRevocationChecker.Option.ONLY_END_ENTITY));
      parameters.addCertPathChecker(checker);
    }
    var factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(new CertPathTrustManagerParameters(parameters));
    for (var manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager extended) {
        return extended;
      }
    }
    throw new GeneralSecurityException("no X.509 trust manager");
  }

  List<X509Certificate> authorities() {
    return authorities;
  }

  List<X509CRL> revoked() {
    return revoked;
  }

  /// What a chain says of its peer, checked now.
  ///
  /// @throws GeneralSecurityException when it would not pass the handshake
  PresentedCertificate present(X509Certificate[] chain) throws GeneralSecurityException {
    checkClientTrusted(chain, ANY_KEY);
    return PresentedCertificate.of(chain[0], !vouchesForItself(chain));
  }

  private static boolean vouchesForItself(X509Certificate[] chain) {
    return chain.length == 1 && Certificates.isIssuedBy(chain[0], chain[0]);
  }

  /// Whether it is one that signs for itself, is valid now and has a strong key.
  private static boolean passesAlone(X509Certificate[] chain) throws CertificateException {
    if (!vouchesForItself(chain)) {
      return false;
    }
    chain[0].checkValidity();
    if (!Certificates.isStrong(chain[0].getPublicKey())) {
      throw new CertificateException("expected an EC key, or RSA from 2048 bits");
    }
    return true;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    if (!passesAlone(chain)) {
      underCa.checkClientTrusted(chain, authType);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    if (!passesAlone(chain)) {
      underCa.checkClientTrusted(chain, authType, engine);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    if (!passesAlone(chain)) {
      underCa.checkClientTrusted(chain, authType, socket);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("this end is the server");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("this end is the server");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("this end is the server");
  }

  /// None: clients with a certificate of their own would not show it, and our CAs are nobody's
  /// business.
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return NO_NAMES;
  }
}
