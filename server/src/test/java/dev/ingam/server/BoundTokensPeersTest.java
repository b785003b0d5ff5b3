package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.CertificateName;
import dev.ingam.issuance.client.ClientAuthentication.TlsClientAuth;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.client.ClientSettings;
import dev.ingam.issuance.client.SenderConstraint;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Tokens that are bound to their sender, with other people's programs: a client of npm that speaks
/// DPoP (`openid-client`), curl with a certificate, and nginx before an application, set up as its
/// guide says.
class BoundTokensPeersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir static Path home;
  private static TestCa ca;
  private static TestServer server;
  private static Process nginx;
  private static int front;
  private static String secret;

  @BeforeAll
  static void start() throws Exception {
    ca = new TestCa(home.resolve("ca"));
    ca.ca("root", null).server("server", "root").client("device", "root", "device.example");
    ca.client("other", "root", "other.example");
    ca.pem("root.pem", "root");
    for (var name : Set.of("server", "device", "other")) {
      ca.pem(name + ".pem", name);
      ca.key(name + "-key.pem", name);
    }
    var properties = new HashMap<String, String>();
    properties.put("ingam.public.tls.certificate", file("server.pem"));
    properties.put("ingam.public.tls.key", file("server-key.pem"));
    properties.put("ingam.public.tls.client-ca", file("root.pem"));
    properties.put("ingam.gate.client-cert-header", "true");
    front = freePort();
    properties.put("ingam.gate.public-origins", "https://localhost:" + front);
    server = TestServer.start(home, properties);
    secret = server.client("job", ClientRight.CLIENT_CREDENTIALS, false, Set.of("orders:read"));
    fill();
    startNginx();
  }

  private static void fill() {
    var device =
        new ClientSettings(
            "device",
            new TlsClientAuth(new CertificateName(CertificateName.Kind.DNS, "device.example")),
            Set.of(ClientRight.CLIENT_CREDENTIALS),
            Set.of("orders:read"),
            Set.of("shop"),
            ClientSettings.DEFAULT_LIFETIME,
            false,
            SenderConstraint.CERTIFICATE);
    assertThat(server.issuance().clients().create(device, "test").toString()).contains("Changed");
    var route =
        new Route(
            "orders",
            "GET",
            PathPattern.of("/orders/*"),
            "shop",
            Set.of("orders:read"),
            DataClass.INTERNAL,
            false,
            true,
            true);
    server.issuance().routes().add(route, "test");
  }

  /// The guide's file, with these addresses, TLS, and an application behind it.
  private static void startNginx() throws Exception {
    var application = freePort();
    var gate = URI.create(server.url(ListenerName.INTERNAL));
    var tls =
        "listen 127.0.0.1:%d ssl; ssl_certificate %s; ssl_certificate_key %s;"
                .formatted(front, file("server.pem"), file("server-key.pem"))
            + " ssl_client_certificate %s; ssl_verify_client optional;".formatted(file("root.pem"));
    var guide =
        Files.readString(Path.of("..", "docs", "guide", "proxy", "nginx.conf"))
            .replace("127.0.0.1:8422", gate.getHost() + ":" + gate.getPort())
            .replace("127.0.0.1:8080", "127.0.0.1:" + application)
            .replace("listen 127.0.0.1:8000;", tls);
    assertThat(guide).contains(tls);
    var folder = Files.createDirectories(home.resolve("nginx"));
    var around =
        """
        daemon off; master_process off; pid F/pid; error_log stderr;
        events {}
        http {
          access_log off; client_body_temp_path F/b; proxy_temp_path F/p; fastcgi_temp_path F/f; uwsgi_temp_path F/u; scgi_temp_path F/s;
          server { listen 127.0.0.1:APPLICATION; location / { return 200 "order of $http_x_ingam_subject"; } }
          GUIDE
        }
        """;
    var config =
        around
            .replace("F/", folder + "/")
            .replace("APPLICATION", Integer.toString(application))
            .replace("GUIDE", guide);
    var file = Files.writeString(folder.resolve("nginx.conf"), config);
    nginx =
        new ProcessBuilder("nginx", "-p", folder.toString(), "-c", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Until.isTrue("nginx listens", PATIENCE, BoundTokensPeersTest::nginxListens);
  }

  private static boolean nginxListens() {
    assertThat(nginx.isAlive()).as("nginx runs").isTrue();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), front)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @AfterAll
  static void stop() {
    if (nginx != null) {
      nginx.destroy();
    }
    server.close();
  }

  /// It follows the nonces by itself; a thief of its token, and of its proof, gets nothing.
  @Test
  void dpopClientOfNpm_passesThroughNginx() throws Exception {
    var folder = Files.createDirectories(home.resolve("node"));
    for (var file : List.of("package.json", "package-lock.json", "bound.mjs")) {
      Files.copy(Path.of("src/test/node", file), folder.resolve(file));
    }
    run(folder, "", "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
    var given =
        Map.of(
            "issuer",
            server.url(ListenerName.PUBLIC),
            "resource",
            "https://localhost:" + front + "/orders/1",
            "secret",
            secret);
    var came = JSON.readTree(run(folder, JSON.writeValueAsString(given), "node", "bound.mjs"));
    assertThat(came.get("tokenType").asString()).isEqualTo("dpop");
    assertThat(came.get("page").asString()).isEqualTo("200 order of client:job");
    assertThat(came.get("again").asString()).isEqualTo("200 order of client:job");
    assertThat(came.get("asBearer").asString()).isEqualTo("401 sender_mismatch");
    assertThat(came.get("byThief").asString()).isEqualTo("401 sender_mismatch");
    assertThat(came.get("replayed").asString()).isEqualTo("401 sender_mismatch");
    assertThat(came.get("unbound").asString()).isEqualTo("401 sender_mismatch");
  }

  @Test
  void certificateBoundToken_passesWithItsCertificateAlone() throws Exception {
    var answer =
        curl(
            "device",
            "-d",
            "grant_type=client_credentials&client_id=device",
            server.url(ListenerName.PUBLIC) + "/oauth2/token");
    var token = JSON.readTree(answer.substring(answer.indexOf('{'))).get("access_token").asString();
    var bearer = "Authorization: Bearer " + token;
    var page = "https://localhost:" + front + "/orders/1";

    assertThat(curl("device", "-H", bearer, page)).isEqualTo("200 order of client:device");
    assertThat(curl("other", "-H", bearer, page)).startsWith("401 ");
    assertThat(curl(null, "-H", bearer, page)).startsWith("401 ");
    var certificate = TestCa.block("CERTIFICATE", ca.certificate("device").getEncoded());
    var spoofed = "Client-Cert: " + certificate.replace("\n", "%0A").replace(" ", "%20");
    assertThat(curl(null, "-H", bearer, "-H", spoofed, page)).startsWith("401 ");
  }

  /// Status and body.
  private static String curl(String certificate, String... more) throws Exception {
    var command = new ArrayList<>(List.of("curl", "-s", "--max-time", "30", "-o", "-"));
    command.addAll(List.of("-w", "\n%{http_code}", "--cacert", file("root.pem")));
    if (certificate != null) {
      command.addAll(List.of("--cert", file(certificate + ".pem")));
      command.addAll(List.of("--key", file(certificate + "-key.pem")));
    }
    command.addAll(List.of(more));
    var said = run(home, "", command.toArray(String[]::new));
    var line = said.lastIndexOf('\n');
    return said.substring(line + 1) + " " + said.substring(0, line);
  }

  private static String run(Path folder, String input, String... words) throws Exception {
    var errors = folder.resolve("errors.txt");
    var builder = new ProcessBuilder(words).directory(folder.toFile());
    builder.environment().put("NODE_EXTRA_CA_CERTS", file("root.pem"));
    var process = builder.redirectError(errors.toFile()).start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    }
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output + Files.readString(errors)).isZero();
    return output;
  }

  private static String file(String name) {
    return ca.folder().resolve(name).toString();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
