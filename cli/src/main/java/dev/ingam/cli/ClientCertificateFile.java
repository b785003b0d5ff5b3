package dev.ingam.cli;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/// A client's own certificate in a PEM file, as the server knows it: by its SHA-256.
final class ClientCertificateFile {
  private ClientCertificateFile() {}

  /// The thumbprints of the first certificate of each file.
  static Json thumbprints(List<Path> files) {
    return Json.texts(files.stream().map(ClientCertificateFile::thumbprint).toList());
  }

  private static String thumbprint(Path file) {
    var bytes = RunningServer.read(file, "a certificate");
    try {
      var certificate =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(bytes));
      var digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (GeneralSecurityException e) {
      throw new CliException(
          ExitCode.ERROR,
          String.format(
              Locale.ROOT,
              "Expected a certificate in PEM (BEGIN CERTIFICATE) in %s; reading failed: %s",
              file,
              e.getMessage()),
          e);
    }
  }
}
