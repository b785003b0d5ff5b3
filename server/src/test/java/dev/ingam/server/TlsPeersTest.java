package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.CertificateName;
import dev.ingam.issuance.client.ClientAuthentication.TlsClientAuth;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.client.ClientSettings;
import dev.ingam.issuance.route.DataClass;
import dev.ingam.issuance.route.PathPattern;
import dev.ingam.issuance.route.Route;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.tls.TestCa;
import dev.ingam.testkit.Until;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Other people's TLS against ours: openssl, curl, and nginx in front of a gate that wants its
/// certificate.
class TlsPeersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir static Path home;
  private static TestCa ca;
  private static TestServer server;
  private static String token;

  @BeforeAll
  static void start() throws Exception {
    ca = new TestCa(home.resolve("ca"));
    ca.ca("root", null).server("server", "root").client("proxy", "root", "proxy.example");
    ca.client("nobody", "root", "nobody.example");
    ca.pem("root.pem", "root");
    for (var name : Set.of("server", "proxy", "nobody")) {
      ca.pem(name + ".pem", name);
      ca.key(name + "-key.pem", name);
    }
    var properties = new HashMap<String, String>();
    properties.put("ingam.internal.tls.certificate", file("server.pem"));
    properties.put("ingam.internal.tls.key", file("server-key.pem"));
    properties.put("ingam.internal.tls.client-ca", file("root.pem"));
    properties.put("ingam.gate.certificate-on-loopback", "true");
    server = TestServer.start(home, properties);
    fill();
  }

  private static void fill() {
    var name = new CertificateName(CertificateName.Kind.DNS, "proxy.example");
    var proxy =
        new ClientSettings(
            "proxy",
            new TlsClientAuth(name),
            Set.of(ClientRight.GATE, ClientRight.LEDGER),
            Set.of(),
            Set.of(),
            ClientSettings.DEFAULT_LIFETIME,
            false);
    assertThat(server.issuance().clients().create(proxy, "test").toString()).contains("Changed");
    var secret = server.client("shop", ClientRight.CLIENT_CREDENTIALS, true, Set.of("orders:read"));
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
    token = server.clientToken("shop", secret);
  }

  private static String file(String name) {
    return ca.folder().resolve(name).toString();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static URI internal() {
    return URI.create(server.url(ListenerName.INTERNAL));
  }

  /// What a program said, and its exit code before it.
  private static String run(String... command) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      Assumptions.abort(command[0] + " is not installed: apt-get install " + command[0]);
      throw e;
    }
    process.getOutputStream().close();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
    return process.exitValue() + " " + said;
  }

  private static String curl(String... more) throws Exception {
    var command = new ArrayList<>(List.of("curl", "-s", "-i", "--max-time", "30"));
    command.addAll(List.of("--cacert", file("root.pem")));
    command.addAll(List.of(more));
    command.add(internal() + "/keys");
    return run(command.toArray(String[]::new));
  }

  @Test
  void curl_withItsCertificate_isKnown() throws Exception {
    assertThat(curl("--cert", file("proxy.pem"), "--key", file("proxy-key.pem")))
        .startsWith("0 HTTP/1.1 200 ");
    assertThat(curl("--cert", file("nobody.pem"), "--key", file("nobody-key.pem")))
        .startsWith("0 HTTP/1.1 401 ")
        .contains("unknown_certificate");
    assertThat(curl()).startsWith("0 HTTP/1.1 401 ").contains("no_token");
  }

  @Test
  void openssl_sClient_verifiesTheServer() throws Exception {
    var address = internal().getHost() + ":" + internal().getPort();
    for (var version : List.of("-tls1_3", "-tls1_2")) {
      assertThat(
              run(
                  "openssl",
                  "s_client",
                  "-connect",
                  address,
                  version,
                  "-CAfile",
                  file("root.pem"),
                  "-verify_return_error",
                  "-verify_hostname",
                  "localhost"))
          .startsWith("0 ")
          .contains("Verify return code: 0 (ok)", "No client certificate CA names sent");
    }
  }

  @Test
  void openssl_sClient_findsNoWeakSuite() throws Exception {
    var address = internal().getHost() + ":" + internal().getPort();
    for (var suites : List.of("ECDHE+AES:!AESGCM:!AESCCM", "AES128-GCM-SHA256", "DHE")) {
      assertThat(run("openssl", "s_client", "-connect", address, "-tls1_2", "-cipher", suites))
          .startsWith("1 ")
          .contains("handshake failure");
    }
  }

  @Test
  void nginx_withItsCertificate_passesTheGate() throws Exception {
    try (var nginx = Nginx.start(home.resolve("nginx"), internal(), "proxy")) {
      assertThat(nginx.get("Bearer " + token)).isEqualTo("200 the order");
      assertThat(nginx.get("Bearer " + token)).startsWith("401 ");
      assertThat(nginx.get("Bearer junk")).startsWith("401 ");
    }
    try (var nginx = Nginx.start(home.resolve("nginx-nobody"), internal(), "nobody")) {
      assertThat(nginx.get("Bearer " + token)).startsWith("401 ");
    }
  }

  /// nginx with a static page behind `auth_request`.
  private record Nginx(Process process, int port) implements AutoCloseable {
    static Nginx start(Path folder, URI gate, String certificate) throws Exception {
      Files.createDirectories(folder.resolve("www/orders"));
      Files.writeString(folder.resolve("www/orders/1"), "the order");
      var port = freePort();
      var file =
          Files.writeString(folder.resolve("nginx.conf"), config(folder, port, gate, certificate));
      Process process;
      try {
        process =
            new ProcessBuilder("nginx", "-p", folder.toString(), "-c", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
      } catch (IOException e) {
        throw new AssertionError(
            "expected nginx, which the tests need: apt-get install nginx-light", e);
      }
      var nginx = new Nginx(process, port);
      Until.isTrue("nginx listens", PATIENCE, nginx::listens);
      return nginx;
    }

    private static String config(Path folder, int port, URI gate, String certificate) {
      return """
      daemon off; master_process off; pid F/pid; error_log stderr;
      events {}
      http {
        access_log off; client_body_temp_path F/b; proxy_temp_path F/p; fastcgi_temp_path F/f; uwsgi_temp_path F/u; scgi_temp_path F/s;
        upstream gate { server GATE; keepalive 4; }
        server {
          listen 127.0.0.1:PORT;
          root F/www;
          location / { auth_request /_gate; }
          location = /_gate {
            internal;
            proxy_pass https://gate/gate;
            proxy_http_version 1.1;
            proxy_pass_request_body off;
            proxy_set_header Content-Length "";
            proxy_set_header Connection "";
            proxy_set_header X-Forwarded-Method $request_method;
            proxy_set_header X-Forwarded-Uri $request_uri;
            proxy_ssl_certificate C/NAME.pem;
            proxy_ssl_certificate_key C/NAME-key.pem;
            proxy_ssl_trusted_certificate C/root.pem;
            proxy_ssl_verify on;
            proxy_ssl_name localhost;
            proxy_ssl_server_name on;
            proxy_ssl_protocols TLSv1.2 TLSv1.3;
          }
        }
      }
      """
          .replace("F/", folder + "/")
          .replace("C/", ca.folder() + "/")
          .replace("NAME", certificate)
          .replace("PORT", Integer.toString(port))
          .replace("GATE", gate.getHost() + ":" + gate.getPort());
    }

    private static int freePort() throws IOException {
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      }
    }

    private boolean listens() {
      assertThat(process.isAlive()).as("nginx runs").isTrue();
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return socket.isConnected();
      } catch (IOException e) {
        return false;
      }
    }

    private String get(String authorization) {
      var answer =
          server.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/orders/1"))
                  .header("Authorization", authorization));
      return answer.statusCode() + " " + answer.body();
    }

    @Override
    public void close() throws InterruptedException {
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
