package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.issuance.client.CertificateName;
import dev.ingam.issuance.client.ClientAuthentication;
import dev.ingam.issuance.client.ClientAuthentication.SelfSignedTls;
import dev.ingam.issuance.client.ClientAuthentication.TlsClientAuth;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.client.ClientSettings;
import dev.ingam.issuance.client.PresentedCertificate;
import dev.ingam.issuance.route.DataClass;
import dev.ingam.issuance.route.PathPattern;
import dev.ingam.issuance.route.Route;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.tls.TestCa;
import dev.ingam.server.tls.Tls;
import dev.ingam.testkit.Until;
import dev.ingam.verifier.BearerSource;
import dev.ingam.verifier.CachedKeySource;
import dev.ingam.verifier.Expectation;
import dev.ingam.verifier.HttpLedgerClient;
import dev.ingam.verifier.Verifier;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Verdict;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The whole server with TLS at its listeners, and callers with certificates.
class TlsServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String NAME = "ingam.example";

  @TempDir static Path home;
  private static TestCa ca;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    ca = new TestCa(home.resolve("ca"));
    ca.ca("root", null).ca("foreign", null);
    ca.make(
        "server", "root", java.util.List.of("-ext", "san=dns:localhost,ip:127.0.0.1,dns:" + NAME));
    ca.server("renewed", "root");
    for (var name : Set.of("api", "proxy", "nobody", "revoked", "rights")) {
      ca.client(name, "root", name + ".example");
    }
    ca.client("expired", "root", "api.example", "-startdate", "-10d", "-validity", "5");
    ca.client("stranger", "foreign", "api.example");
    ca.client("own", null, "api.example").client("unknown", null, "api.example");
    ca.pem("server.pem", "server");
    ca.key("server-key.pem", "server");
    ca.pem("root.pem", "root");
    ca.crl("root", "root.crl", 30);
    server = TestServer.start(home, properties());
    client("api", dns("api.example"), ClientRight.LEDGER);
    client("own", thumbprint("own"), ClientRight.LEDGER);
    client("proxy", dns("proxy.example"), ClientRight.GATE);
    client("revoked", dns("revoked.example"), ClientRight.LEDGER);
    client("rights", dns("rights.example"), ClientRight.LEDGER);
  }

  private static Map<String, String> properties() {
    var properties = new java.util.HashMap<String, String>();
    for (var listener : ListenerName.values()) {
      var prefix = "ingam." + listener.connector() + ".tls.";
      properties.put(prefix + "certificate", file("server.pem"));
      properties.put(prefix + "key", file("server-key.pem"));
    }
    for (var listener : Set.of("public", "internal")) {
      properties.put("ingam." + listener + ".tls.client-ca", file("root.pem"));
      properties.put("ingam." + listener + ".tls.client-crl", file("root.crl"));
    }
    properties.put("ingam.gate.certificate-on-loopback", "true");
    return properties;
  }

  private static String file(String name) {
    return ca.folder().resolve(name).toString();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static TlsClientAuth dns(String name) {
    return new TlsClientAuth(new CertificateName(CertificateName.Kind.DNS, name));
  }

  private static SelfSignedTls thumbprint(String name) throws Exception {
    return new SelfSignedTls(Set.of(PresentedCertificate.thumbprint(ca.certificate(name))));
  }

  private static void client(String id, ClientAuthentication how, ClientRight right) {
    assertThat(server.issuance().clients().create(settings(id, how, right), "test").toString())
        .contains("Changed");
  }

  private static ClientSettings settings(String id, ClientAuthentication how, ClientRight right) {
    return new ClientSettings(
        id, how, Set.of(right), Set.of(), Set.of(), ClientSettings.DEFAULT_LIFETIME, false);
  }

  private static HttpClient http(@Nullable String shown) throws Exception {
    return HttpClient.newBuilder().sslContext(ca.context("root", shown)).build();
  }

  private static HttpRequest.Builder request(ListenerName listener, String path) {
    return HttpRequest.newBuilder(URI.create(server.url(listener) + path))
        .timeout(Duration.ofSeconds(30));
  }

  private static HttpResponse<String> send(HttpClient http, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> keys(HttpClient http) throws Exception {
    return send(http, request(ListenerName.INTERNAL, "/keys"));
  }

  @Test
  void everyListener_speaksTlsAndNothingElse() throws Exception {
    try (var http = http(null)) {
      assertThat(send(http, request(ListenerName.PUBLIC, "/oauth2/jwks")).statusCode())
          .isEqualTo(200);
      assertThat(send(http, request(ListenerName.ADMIN, "/admin/status")).statusCode())
          .isEqualTo(401);
      assertThat(keys(http).statusCode()).isEqualTo(401);
    }
    for (var listener : ListenerName.values()) {
      assertThat(server.url(listener)).startsWith("https://127.0.0.1:");
      var plain = server.url(listener).replace("https:", "http:");
      assertThatThrownBy(
              () -> server.send(HttpRequest.newBuilder(URI.create(plain + "/oauth2/jwks"))))
          .hasCauseInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.3,TLS_CHACHA20_POLY1305_SHA256",
    "TLSv1.2,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
  })
  void protocol_served(String protocol, String suite) throws Exception {
    try (var socket = socket(protocol, suite)) {
      socket.startHandshake();
      assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
      assertThat(socket.getSession().getCipherSuite()).isEqualTo(suite);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.2,TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    "TLSv1.2,TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"
  })
  void protocol_refused(String protocol, String suite) throws Exception {
    try (var socket = socket(protocol, suite)) {
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
    }
  }

  private static SSLSocket socket(String protocol, String suite) throws Exception {
    var uri = URI.create(server.url(ListenerName.PUBLIC));
    var socket =
        (SSLSocket)
            ca.context("root", null).getSocketFactory().createSocket(uri.getHost(), uri.getPort());
    socket.setEnabledProtocols(new String[] {protocol});
    socket.setEnabledCipherSuites(new String[] {suite});
    socket.setSoTimeout(30_000);
    return socket;
  }

  @ParameterizedTest
  @CsvSource({
    "api,200,keys",
    "own,200,keys",
    "proxy,403,insufficient_scope",
    "nobody,401,unknown_certificate",
    "unknown,401,unknown_certificate",
    ",401,no_token"
  })
  void caller_isWhoHisCertificateSays(@Nullable String shown, int status, String word)
      throws Exception {
    try (var http = http(shown)) {
      var answer = keys(http);
      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(answer.body()).contains(word);
    }
  }

  @ParameterizedTest
  @CsvSource({"expired", "stranger"})
  void certificateThatIsNotGood_endsTheHandshake(String shown) throws Exception {
    try (var http = http(shown)) {
      assertThatThrownBy(() -> keys(http)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void rightRemoved_andClientDisabled_countOnAnOpenConnection() throws Exception {
    try (var http = http("rights")) {
      assertThat(keys(http).statusCode()).isEqualTo(200);
      var without = settings("rights", dns("rights.example"), ClientRight.GATE);
      server.issuance().clients().update(without, "test");
      assertThat(keys(http).statusCode()).isEqualTo(403);
      server.issuance().clients().disable("rights", "test");
      assertThat(keys(http).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void certificateRevoked_isRefusedOnAnOpenConnectionToo() throws Exception {
    try (var http = http("revoked");
        var other = http("api")) {
      assertThat(keys(http).statusCode()).isEqualTo(200);
      ca.crl("root", "next.crl", 30, "revoked");
      java.nio.file.Files.move(
          ca.folder().resolve("next.crl"),
          ca.folder().resolve("root.crl"),
          java.nio.file.StandardCopyOption.ATOMIC_MOVE);

      Until.isTrue("refused", PATIENCE, () -> keys(http).statusCode() == 401);
      try (var fresh = http("revoked")) {
        assertThatThrownBy(() -> keys(fresh)).isInstanceOf(IOException.class);
      }
      assertThat(keys(other).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void gate_takesProxiesWithTheirCertificateAlone() throws Exception {
    var secret =
        server.client("shop", ClientRight.CLIENT_CREDENTIALS, false, Set.of("orders:read"));
    route();
    var token = token(secret);
    try (var proxy = http("proxy");
        var api = http("api");
        var nobody = http(null)) {
      assertThat(gate(proxy, token).statusCode()).isEqualTo(200);
      assertThat(gate(proxy, "junk").headers().firstValue("X-Ingam-Reason")).contains("malformed");
      assertThat(gate(api, token).statusCode()).isEqualTo(403);
      assertThat(gate(nobody, token).statusCode()).isEqualTo(401);
      assertThat(gate(nobody, token).body()).contains("client certificate");
    }
  }

  private static HttpResponse<String> gate(HttpClient http, String token) throws Exception {
    return send(
        http,
        request(ListenerName.INTERNAL, "/gate")
            .header("X-Forwarded-Method", "GET")
            .header("X-Forwarded-Uri", "/orders/1")
            .header("Authorization", "Bearer " + token));
  }

  private static void route() {
    var pattern = PathPattern.of("/orders/*");
    var route =
        new Route(
            "orders",
            "GET",
            pattern,
            "shop",
            Set.of("orders:read"),
            DataClass.INTERNAL,
            false,
            true);
    server.issuance().routes().add(route, "test");
  }

  private static String token(String secret) throws Exception {
    var form = "grant_type=client_credentials&client_id=shop&audience=shop&client_secret=" + secret;
    try (var http = http(null)) {
      var answer =
          send(
              http,
              request(ListenerName.PUBLIC, "/oauth2/token")
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(BodyPublishers.ofString(form)));
      return TestServer.text(answer, "access_token");
    }
  }

  @Test
  void tokenEndpoint_takesACertificateWithItsClientIdAlone() throws Exception {
    var form = "grant_type=client_credentials&audience=urn:ingam:internal&client_id=";
    try (var http = http("api")) {
      assertThat(send(http, form(form + "api")).statusCode()).isEqualTo(200);
      assertThat(send(http, form(form + "own")).statusCode()).isEqualTo(401);
    }
    try (var http = http(null)) {
      assertThat(send(http, form(form + "api")).statusCode()).isEqualTo(401);
      assertThat(
              send(http, request(ListenerName.PUBLIC, "/.well-known/oauth-authorization-server"))
                  .body())
          .contains("\"tls_client_auth\"", "\"self_signed_tls_client_auth\"");
    }
  }

  private static HttpRequest.Builder form(String body) {
    return request(ListenerName.PUBLIC, "/oauth2/token")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(body));
  }

  @Test
  void verifier_asksWithItsCertificateAndNoToken() throws Exception {
    var secret =
        server.client("verified", ClientRight.CLIENT_CREDENTIALS, true, Set.of("orders:read"));
    var internal = URI.create(server.url(ListenerName.INTERNAL));
    var clock = Clock.systemUTC();
    try (var http = http("own");
        var ledger =
            new HttpLedgerClient(internal, BearerSource.none(), http, new SecureRandom())) {
      var keys = new CachedKeySource(internal.resolve("/keys"), BearerSource.none(), http, clock);
      var verifier = Verifier.builder(keys, ledger, clock).build();
      var issuer = server.url(ListenerName.PUBLIC);
      var expected = new Expectation(issuer, "shop", false, true);
      var token = token(secret.isEmpty() ? "" : secret, "verified");

      assertThat(verifier.verify(token, expected)).isInstanceOf(Verdict.Accepted.class);
      assertThat(verifier.verify(token, expected))
          .isInstanceOfSatisfying(
              Verdict.Refused.class,
              refused -> assertThat(refused.reason()).isEqualTo(Reason.ALREADY_REDEEMED));
    }
  }

  private static String token(String secret, String id) throws Exception {
    try (var http = http(null)) {
      var answer =
          send(
              http,
              form(
                  "grant_type=client_credentials&audience=shop&client_id="
                      + id
                      + "&client_secret="
                      + secret));
      return TestServer.text(answer, "access_token");
    }
  }

  @Test
  void verifier_withACertificateOfNobody_acceptsNothing() throws Exception {
    var internal = URI.create(server.url(ListenerName.INTERNAL));
    try (var http = http("nobody")) {
      var keys =
          new CachedKeySource(
              internal.resolve("/keys"), BearerSource.none(), http, Clock.systemUTC());
      assertThat(keys.find("any")).isNull();
    }
  }

  @Test
  void admin_takesTheNamesOfItsCertificateAsHost() throws Exception {
    assertThat(raw("localhost")).startsWith("HTTP/1.1 401 ");
    assertThat(raw(NAME)).startsWith("HTTP/1.1 401 ");
    assertThat(raw("evil.example")).startsWith("HTTP/1.1 421 ");
    assertThat(raw("10.0.0.1")).startsWith("HTTP/1.1 421 ");
  }

  private static String raw(String host) throws Exception {
    var uri = URI.create(server.url(ListenerName.ADMIN));
    try (var socket =
        ca.context("root", null).getSocketFactory().createSocket(uri.getHost(), uri.getPort())) {
      var text = "GET /admin/status HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// Requests go on over kept and over new connections while the pair is replaced, first by a
  /// broken one, then by a good one, then by the first again.
  @Test
  void pairReplaced_underTraffic_losesNoRequest() throws Exception {
    var running = new AtomicBoolean(true);
    var asked = new AtomicInteger();
    try (var crew = Executors.newVirtualThreadPerTaskExecutor();
        var kept = http(null)) {
      var old = keptConnection();
      Callable<Void> overKept = () -> ask(running, asked, () -> kept);
      Callable<Void> overNew = () -> ask(running, asked, () -> http(null));
      var work =
          java.util.List.of(crew.submit(overKept), crew.submit(overNew), crew.submit(overNew));
      try {
        replaceAndFollow(asked);
        assertThat(get(old)).startsWith("HTTP/1.1 200 ");
      } finally {
        running.set(false);
        old.close();
      }
      for (var each : work) {
        each.get();
      }
    }
  }

  private static void replaceAndFollow(AtomicInteger asked) throws Exception {
    ca.key("server-key.pem", "renewed");
    Until.isTrue("told", PATIENCE, () -> alarms().contains("certificate_not_reloaded"));
    assertThat(served()).isEqualTo(ca.certificate("server"));
    ca.pem("server.pem", "renewed");
    Until.isTrue("served", PATIENCE, () -> served().equals(ca.certificate("renewed")));
    Until.isTrue("no alarm", PATIENCE, () -> alarms().isEmpty());
    var before = asked.get();
    Until.isTrue("traffic goes on", PATIENCE, () -> asked.get() > before + 20);
    ca.key("server-key.pem", "server");
    ca.pem("server.pem", "server");
    Until.isTrue("served again", PATIENCE, () -> served().equals(ca.certificate("server")));
    Until.isTrue("no alarm again", PATIENCE, () -> alarms().isEmpty());
  }

  private static java.util.List<String> alarms() {
    return server.bean(Tls.class).alarms().stream().map(dev.ingam.keys.Alarm::code).toList();
  }

  private static Void ask(AtomicBoolean running, AtomicInteger asked, Callable<HttpClient> clients)
      throws Exception {
    while (running.get()) {
      var http = clients.call();
      assertThat(send(http, request(ListenerName.PUBLIC, "/oauth2/jwks")).statusCode())
          .isEqualTo(200);
      asked.incrementAndGet();
    }
    return null;
  }

  private static X509Certificate served() throws Exception {
    try (var socket = keptConnection()) {
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private static SSLSocket keptConnection() throws Exception {
    var socket = socket("TLSv1.3", "TLS_AES_256_GCM_SHA384");
    socket.startHandshake();
    return socket;
  }

  private static String get(SSLSocket socket) throws IOException {
    var text = "GET /oauth2/jwks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
