package dev.ingam.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The certificates that the operator trusts to vouch for the server, instead of those of the JDK.
/// The server's name is checked all the same.
final class TrustedCa {
  private TrustedCa() {}

  /// Trust in the certificates of a PEM file and in nothing else.
  static SSLContext of(Path file) {
    var bytes = RunningServer.read(file, "the CA's certificate");
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      var certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes));
      var number = 0;
      for (var each : certificates) {
        store.setCertificateEntry("ca-" + number++, each);
      }
      if (number == 0) {
        throw unfit(file, new GeneralSecurityException("it holds none"));
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw unfit(file, e);
    }
  }

  private static CliException unfit(Path file, Exception cause) {
    return new CliException(
        ExitCode.ERROR,
        String.format(
            Locale.ROOT,
            "Expected certificates in PEM (BEGIN CERTIFICATE) in %s; reading failed: %s",
            file,
            cause.getMessage()),
        cause);
  }
}
