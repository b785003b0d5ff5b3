package dev.ingam.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// How the HTTP benches reach both servers: plain HTTP, or TLS with what `ingam init` makes.
///
/// @param made the folder that it made; null for plain HTTP
/// @param context trusts its CA; null for plain HTTP
record Transport(@Nullable Path made, @Nullable SSLContext context) {
  static Transport of(Path home, Setting setting) throws Exception {
    if (!setting.tls()) {
      return new Transport(null, null);
    }
    var made = setting.folder().resolve("tls");
    var init =
        new ProcessBuilder(ServerProcess.launcher(home).toString(), "init", made.toString())
            .redirectErrorStream(true)
            .start();
    init.getOutputStream().close();
    var said = new String(init.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (init.waitFor() != 0) {
      throw new BenchException("ingam init made no certificates: " + said);
    }
    return new Transport(made, trusting(made.resolve("tls/ca.pem")));
  }

  private static SSLContext trusting(Path ca) throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var in = Files.newInputStream(ca)) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  String scheme() {
    return made == null ? "http" : "https";
  }

  /// Words for `ingam serve`; ports and folders are given by others, which count more.
  List<String> serving() {
    return made == null ? List.of() : List.of("--config", made.resolve("ingam.yml").toString());
  }

  /// Words for the bare server: the certificate and key of our public listener.
  List<String> bare() {
    return made == null
        ? List.of()
        : List.of(
            made.resolve("tls/public.pem").toString(),
            made.resolve("tls/public-key.pem").toString());
  }

  HttpClient client() {
    return context == null
        ? HttpClient.newHttpClient()
        : HttpClient.newBuilder().sslContext(context).build();
  }

  Socket connect(int port) throws IOException {
    var here = InetAddress.getLoopbackAddress();
    return context == null
        ? new Socket(here, port)
        : context.getSocketFactory().createSocket(here, port);
  }
}
