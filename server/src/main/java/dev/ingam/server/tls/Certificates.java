package dev.ingam.server.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads certificates, and lists of revoked ones, from PEM files.
final class Certificates {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_COUNT = 64;
  private static final int MIN_RSA_BITS = 2048;
  private static final Set<Integer> EC_BITS = Set.of(256, 384, 521);
  private static final Set<String> LABELS = Set.of("CERTIFICATE", "TRUSTED CERTIFICATE");

  private Certificates() {}

  /// One certificate at least, in the order of the file.
  static List<X509Certificate> read(Path file) throws TlsFileException {
    var found = new ArrayList<X509Certificate>();
    for (var block : pem(file).blocks()) {
      if (block.label().endsWith("PRIVATE KEY")) {
        throw new TlsFileException(
            file, "expected certificates alone, came a private key too; move it to its own file");
      }
      if (LABELS.contains(block.label())) {
        found.add(certificate(file, block.der()));
      }
    }
    if (found.isEmpty() || found.size() > MAX_COUNT) {
      throw new TlsFileException(
          file, "expected 1 to " + MAX_COUNT + " PEM certificates, came " + found.size());
    }
    return found;
  }

  private static X509Certificate certificate(Path file, byte[] der) throws TlsFileException {
    try {
      return (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new TlsFileException(file, "expected an X.509 certificate, came a damaged one", e);
    }
  }

  /// One list at least.
  static List<X509CRL> readRevoked(Path file) throws TlsFileException {
    var found = new ArrayList<X509CRL>();
    for (var block : pem(file).blocks()) {
      if (block.label().equals("X509 CRL")) {
        try {
          found.add((X509CRL) factory().generateCRL(new ByteArrayInputStream(block.der())));
        } catch (CRLException | CertificateException e) {
          throw new TlsFileException(file, "expected an X.509 CRL, came a damaged one", e);
        }
      }
    }
    if (found.isEmpty()) {
      throw new TlsFileException(file, "expected a PEM block X509 CRL, came none");
    }
    return found;
  }

  private static CertificateFactory factory() throws CertificateException {
    return CertificateFactory.getInstance("X.509");
  }

  private static PemFile pem(Path file) throws TlsFileException {
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new TlsFileException(file, "expected at most " + MAX_BYTES + " bytes");
      }
      return PemFile.of(file, bytes);
    } catch (NoSuchFileException e) {
      throw new TlsFileException(file, "expected a file, there is none", e);
    } catch (IOException e) {
      throw new TlsFileException(file, "expected to read it, came " + e, e);
    }
  }

  /// Whether a key is of a kind and size that we serve and accept.
  static boolean isStrong(PublicKey key) {
    return switch (key) {
      case ECPublicKey ec -> EC_BITS.contains(ec.getParams().getCurve().getField().getFieldSize());
      case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= MIN_RSA_BITS;
      default -> false;
    };
  }

  /// Whether a certificate was issued and signed by the other.
  static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
    if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      return false;
    }
    try {
      certificate.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false; // Signed by another key: not its issuer.
    }
  }
}
