package dev.ingam.server.tls;

import dev.ingam.keys.disk.ExposedFileException;
import dev.ingam.keys.disk.PosixFiles;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;

/// Reads the private key of a listener: PKCS#8 in PEM, not encrypted, readable by its owner alone.
final class PrivateKeyFile {
  private static final int CHALLENGE_BYTES = 32;

  private PrivateKeyFile() {}

  /// The key in a block of the file, which must be that of the certificate.
  static PrivateKey read(Path file, PemFile.Block block, PublicKey ofCertificate)
      throws TlsFileException {
    try {
      var key =
          KeyFactory.getInstance(ofCertificate.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(block.der()));
      if (fits(key, ofCertificate)) {
        return key;
      }
    } catch (GeneralSecurityException e) {
      throw new TlsFileException(
          file,
          "expected the "
              + ofCertificate.getAlgorithm()
              + " key of the certificate beside it, came another or a damaged one",
          e);
    }
    throw new TlsFileException(
        file, "expected the key of the certificate beside it, came another key");
  }

  /// The one key of the file, as it stands there.
  static PemFile.Block block(Path file) throws TlsFileException {
    var block = only(file);
    if (block.label().equals("ENCRYPTED PRIVATE KEY")) {
      throw PemFile.encrypted(file);
    }
    if (!block.label().equals("PRIVATE KEY")) {
      throw new TlsFileException(
          file,
          "expected BEGIN PRIVATE KEY (PKCS#8), came "
              + block.label()
              + "; write it anew: openssl pkcs8 -topk8 -nocrypt -in "
              + file);
    }
    return block;
  }

  private static PemFile.Block only(Path file) throws TlsFileException {
    try {
      var keys =
          PemFile.of(file, new PosixFiles().read(file)).blocks().stream()
              .filter(block -> block.label().endsWith("PRIVATE KEY"))
              .toList();
      if (keys.size() != 1) {
        throw new TlsFileException(file, "expected one PEM private key, came " + keys.size());
      }
      return keys.getFirst();
    } catch (ExposedFileException e) {
      throw new TlsFileException(file, String.valueOf(e.getMessage()), e);
    } catch (UncheckedIOException e) {
      var missing = e.getCause() instanceof NoSuchFileException;
      throw new TlsFileException(
          file,
          missing ? "expected a file, there is none" : "expected to read it, came " + e.getCause(),
          e);
    }
  }

  /// Signs something and lets the certificate's key check it.
  private static boolean fits(PrivateKey key, PublicKey ofCertificate)
      throws GeneralSecurityException {
    var challenge = new byte[CHALLENGE_BYTES];
    new SecureRandom().nextBytes(challenge);
    var algorithm = "EC".equals(key.getAlgorithm()) ? "SHA256withECDSA" : "SHA256withRSA";
    var signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(challenge);
    var signed = signature.sign();
    signature.initVerify(ofCertificate);
    signature.update(challenge);
    return signature.verify(signed);
  }
}
