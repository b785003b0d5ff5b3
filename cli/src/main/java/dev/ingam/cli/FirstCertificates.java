package dev.ingam.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The certificates of a first installation: a small private CA, one server certificate for each
/// listener, and a client certificate for the first proxy.
///
/// The CA lives two years: its certificates are renewed once under it, and a lost CA key is no
/// danger for longer. The certificates live one, as much as browsers and JDKs take.
final class FirstCertificates {
  static final List<String> LISTENERS = List.of("public", "internal", "admin");
  static final String CA = "ca";
  static final int CA_DAYS = 730;
  static final int DAYS = 365;

  private static final int PASSWORD_BYTES = 24;
  private static final int LINE = 64;

  private final Path folder;
  private final Keytool keytool;
  private final Path store;
  private final String password;

  /// @param folder that exists, of its owner alone
  FirstCertificates(Path folder, Path javaHome, SecureRandom random) {
    this.folder = folder;
    this.store = folder.resolve("making.p12");
    this.password = password(random);
    this.keytool = new Keytool(javaHome, store, password);
  }

  private static String password(SecureRandom random) {
    var bytes = new byte[PASSWORD_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Writes `ca`, one pair for each listener and the proxy's: NAME.pem and NAME-key.pem (0600).
  ///
  /// @param names of the server, as keytool wants them
  void write(List<String> names, String proxy) {
    keytool.makeCa(CA, "CN=Ingam private CA, O=Ingam", CA_DAYS);
    for (var listener : LISTENERS) {
      keytool.make(listener, CA, "serverAuth", names, DAYS);
    }
    keytool.make(proxy, CA, "clientAuth", List.of("dns:" + proxy), DAYS);
    var made = keytool.made();
    try {
      Files.delete(store);
      for (var alias : List.of(CA, LISTENERS.get(0), LISTENERS.get(1), LISTENERS.get(2), proxy)) {
        write(made, alias);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new CliException(
          ExitCode.ERROR, "Expected to write certificates to " + folder + "; it failed: " + e, e);
    }
  }

  private void write(KeyStore made, String alias) throws IOException, GeneralSecurityException {
    var key = made.getKey(alias, password.toCharArray());
    write(alias + "-key.pem", "rw-------", "PRIVATE KEY", key.getEncoded());
    write(alias + ".pem", "rw-r--r--", "CERTIFICATE", made.getCertificate(alias).getEncoded());
  }

  private void write(String name, String mode, String label, byte[] der) throws IOException {
    var body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
    var text = "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
    Set<StandardOpenOption> options =
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (var channel = FileChannel.open(folder.resolve(name), options, permissions)) {
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }
}
