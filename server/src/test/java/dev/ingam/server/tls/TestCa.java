package dev.ingam.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// A CA and what it issues, made by the JDK's keytool in a folder of a test. Everything has a name.
public final class TestCa {
  private static final String PASSWORD = "password";
  private static final List<String> CA =
      List.of("-ext", "bc=ca:true", "-ext", "ku=keyCertSign,cRLSign");

  private final Path folder;
  private final Path store;

  public TestCa(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.store = folder.resolve("store.p12");
  }

  /// A CA, of another CA or of itself.
  public TestCa ca(String name, @Nullable String issuer) throws Exception {
    return make(name, issuer, CA);
  }

  /// A server's key and certificate for localhost and 127.0.0.1.
  public TestCa server(String name, String issuer, String... more) throws Exception {
    return make(name, issuer, words(List.of("-ext", "san=dns:localhost,ip:127.0.0.1"), more));
  }

  /// A client's key and certificate with a DNS name.
  public TestCa client(String name, @Nullable String issuer, String dns, String... more)
      throws Exception {
    return make(
        name, issuer, words(List.of("-ext", "eku=clientAuth", "-ext", "san=dns:" + dns), more));
  }

  private static List<String> words(List<String> first, String... more) {
    return Stream.concat(first.stream(), Stream.of(more)).toList();
  }

  /// A key pair with a certificate; without an issuer it signs itself. EC unless told otherwise.
  public TestCa make(String name, @Nullable String issuer, List<String> more) throws Exception {
    var command = new ArrayList<>(List.of("-genkeypair", "-alias", name, "-dname", "CN=" + name));
    if (!more.contains("-keyalg")) {
      command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
    }
    if (issuer != null) {
      command.addAll(List.of("-signer", issuer));
    }
    command.addAll(more);
    keytool(command);
    return this;
  }

  /// The list of what this CA revoked, with these names in it.
  public Path crl(String ca, String file, int days, String... revoked) throws Exception {
    var ids = new ArrayList<String>();
    for (var name : revoked) {
      ids.add(certificate(name).getSerialNumber().toString());
    }
    var out = folder.resolve(file);
    var command =
        new ArrayList<>(
            List.of("-gencrl", "-rfc", "-alias", ca, "-validity", Integer.toString(days)));
    // keytool wants a number; no certificate has this one.
    command.addAll(List.of("-id", ids.isEmpty() ? "1" : String.join(":", ids)));
    command.addAll(List.of("-file", out.toString()));
    keytool(command);
    return out;
  }

  private void keytool(List<String> words) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(words);
    command.addAll(
        List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
  }

  private KeyStore store() throws IOException, GeneralSecurityException {
    var made = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(store)) {
      made.load(in, PASSWORD.toCharArray());
    }
    return made;
  }

  public X509Certificate certificate(String name) throws Exception {
    return (X509Certificate) store().getCertificate(name);
  }

  /// Writes a PEM file of these certificates, in this order.
  public Path pem(String file, String... names) throws Exception {
    var made = store();
    var text = new StringBuilder();
    for (var name : names) {
      text.append(block("CERTIFICATE", made.getCertificate(name).getEncoded()));
    }
    return replace(file, "rw-r--r--", text.toString());
  }

  /// Writes the private key of a name, readable by its owner alone.
  public Path key(String file, String name) throws Exception {
    var key = store().getKey(name, PASSWORD.toCharArray());
    return replace(file, "rw-------", block("PRIVATE KEY", key.getEncoded()));
  }

  /// Puts a text in the place of a file at once, as careful tools do.
  public Path replace(String file, String mode, String text) throws IOException {
    var fresh = folder.resolve(file + ".new");
    Files.writeString(fresh, text);
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(mode));
    return Files.move(fresh, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
  }

  public static String block(String label, byte[] der) {
    var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  /// What a client needs that trusts one CA and shows the certificate of a name, if any.
  public SSLContext context(String trusted, @Nullable String shown) throws Exception {
    var made = store();
    var anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("ca", made.getCertificate(trusted));
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(anchors);
    var keys = KeyManagerFactory.getInstance("SunX509");
    var own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    if (shown != null) {
      var chain = Stream.of(made.getCertificateChain(shown)).limit(1).toArray(Certificate[]::new);
      own.setKeyEntry("own", made.getKey(shown, PASSWORD.toCharArray()), new char[0], chain);
    }
    keys.init(own, new char[0]);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  /// The folder of all files.
  public Path folder() {
    return folder;
  }
}
