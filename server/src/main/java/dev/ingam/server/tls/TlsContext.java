package dev.ingam.server.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// One state of a listener's files, made whole or not at all: certificate and key, whom to trust,
/// and the context that makes connections with them. A connection keeps the context that it began
/// with.
///
/// @param trust null where no client certificate is asked for
/// @param ends when something in it stops being valid
record TlsContext(
    SSLContext context,
    SSLParameters parameters,
    ServerCertificate certificate,
    @Nullable ClientTrust trust,
    List<End> ends) {
  private static final int SESSIONS = 4096;
  private static final int SESSION_SECONDS = 600;
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
  private static final Set<String> SUITES_OF_1_3 =
      Set.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

  /// When something stops being valid.
  record End(Path file, String what, Instant begins, Instant ends) {}

  TlsContext {
    ends = List.copyOf(ends);
  }

  /// @throws TlsFileException with all that is wrong
  static TlsContext read(TlsFiles files, Dates dates) throws TlsFileException {
    var problems = new ArrayList<TlsFileException>();
    var certificate =
        TlsFileException.attempt(
            problems, () -> ServerCertificate.read(files.certificate(), files.key(), dates));
    var authorities = files.clientCa();
    var trust =
        authorities == null
            ? null
            : TlsFileException.attempt(
                problems, () -> ClientTrust.read(authorities, files.clientCrl(), dates));
    if (certificate == null || !problems.isEmpty()) {
      throw TlsFileException.all(problems);
    }
    return of(files, certificate, trust);
  }

  private static TlsContext of(
      TlsFiles files, ServerCertificate certificate, @Nullable ClientTrust trust)
      throws TlsFileException {
    try {
      var context = context(certificate, trust);
      return new TlsContext(
          context,
          parameters(context, trust != null),
          certificate,
          trust,
          ends(files, certificate, trust));
    } catch (GeneralSecurityException | IOException e) {
      throw new TlsFileException(
          files.certificate(), "expected a pair to serve with, came " + e, e);
    }
  }

  private static SSLContext context(ServerCertificate certificate, @Nullable ClientTrust trust)
      throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "tls", certificate.key(), new char[0], certificate.chain().toArray(Certificate[]::new));
    var keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(store, new char[0]);
    var context = SSLContext.getInstance("TLS");
    context.init(
        keys.getKeyManagers(),
        trust == null ? new TrustManager[0] : new TrustManager[] {trust},
        null);
    var sessions = context.getServerSessionContext();
    sessions.setSessionCacheSize(SESSIONS);
    sessions.setSessionTimeout(SESSION_SECONDS);
    return context;
  }

  /// TLS 1.3, and 1.2 with what 1.3 would do: ephemeral keys and authenticated encryption.
  private static SSLParameters parameters(SSLContext context, boolean wantsCertificate) {
    var parameters = context.getDefaultSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setCipherSuites(
        Arrays.stream(context.getDefaultSSLParameters().getCipherSuites())
            .filter(TlsContext::isServed)
            .toArray(String[]::new));
    parameters.setUseCipherSuitesOrder(true);
    parameters.setWantClientAuth(wantsCertificate);
    return parameters;
  }

  private static boolean isServed(String suite) {
    return SUITES_OF_1_3.contains(suite)
        || (suite.startsWith("TLS_ECDHE_")
            && (suite.contains("_GCM_") || suite.contains("_CHACHA20_POLY1305_")));
  }

  private static List<End> ends(
      TlsFiles files, ServerCertificate certificate, @Nullable ClientTrust trust) {
    var ends = new ArrayList<End>();
    for (var each : certificate.chain()) {
      ends.add(
          end(files.certificate(), "the certificate", each.getNotBefore(), each.getNotAfter()));
    }
    var authorities = files.clientCa();
    var lists = files.clientCrl();
    if (trust != null && authorities != null) {
      for (var each : trust.authorities()) {
        ends.add(end(authorities, "the client CA", each.getNotBefore(), each.getNotAfter()));
      }
      for (var each : trust.revoked()) {
        if (lists != null && each.getNextUpdate() != null) {
          ends.add(
              end(lists, "the list of revoked ones", each.getThisUpdate(), each.getNextUpdate()));
        }
      }
    }
    return ends;
  }

  private static End end(Path file, String what, Date begins, Date ends) {
    return new End(file, what, begins.toInstant(), ends.toInstant());
  }

  /// All certificates in it.
  Set<X509Certificate> certificates() {
    var all = new HashSet<>(certificate.chain());
    if (trust != null) {
      all.addAll(trust.authorities());
    }
    return all;
  }

  SSLEngine engine() {
    var engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setSSLParameters(parameters);
    return engine;
  }
}
