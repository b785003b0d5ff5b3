package dev.ingam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.testkit.Until;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A first installation with TLS, from the empty folder to commands over the admin listener.
class InitCommandTest {
  private static final List<String> PAIRS = List.of("ca", "public", "internal", "admin", "edge");

  @TempDir static Path home;
  private static Path made;
  private static Shell.Result init;
  private static Process server;

  @BeforeAll
  static void serve() throws IOException {
    made = home.resolve("it's here/ingam");
    init =
        Shell.alone()
            .inPresentTime()
            .run(
                "init",
                made.toString(),
                "--dns",
                "Ingam.example,b.example",
                "--ip",
                "192.0.2.1",
                "--ip",
                "2001:db8::1",
                "--proxy",
                "edge");
    assertThat(init.code()).as(init.err()).isZero();
    server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.ingam.server.ServerMain",
                "--config=" + made.resolve("ingam.yml"),
                "--secrets-dir=" + home.resolve("secrets"),
                "--public-port=0",
                "--internal-port=0",
                "--admin-port=0")
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log").toFile())
            .start();
    Until.isTrue(
        "the server is ready, or ended: " + home.resolve("log"),
        Duration.ofMinutes(5),
        () -> Files.exists(made.resolve("data/run/ports.json")) || !server.isAlive());
    assertThat(server.isAlive()).as(Files.readString(home.resolve("log"))).isTrue();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    server.destroy();
    assertThat(server.waitFor(60, TimeUnit.SECONDS)).as("stopped by SIGTERM").isTrue();
  }

  private static Path tls(String file) {
    return made.resolve("tls").resolve(file);
  }

  private static Shell.Result ingam(String... words) {
    return bare("--ca", tls("ca.pem").toString()).run(words);
  }

  private static Shell bare(String... more) {
    var words = new ArrayList<>(List.of("--data-dir", made.resolve("data").toString()));
    words.addAll(List.of("--secrets-dir", home.resolve("secrets").toString()));
    words.addAll(List.of(more));
    return Shell.alone().inPresentTime().with(words.toArray(String[]::new));
  }

  private static X509Certificate certificate(String name) throws Exception {
    try (var in = Files.newInputStream(tls(name + ".pem"))) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  @Test
  void keys_areTheirOwnersAlone_andNothingIsLeftOver() throws IOException {
    for (var name : PAIRS) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(tls(name + "-key.pem"))))
          .isEqualTo("rw-------");
    }
    try (var files = Files.list(made.resolve("tls"))) {
      assertThat(files).hasSize(2 * PAIRS.size());
    }
    try (var files = Files.list(made.getParent())) {
      assertThat(files).containsExactly(made);
    }
  }

  @Test
  void certificates_areOfTheCaForTheNamesThatWereGiven() throws Exception {
    var ca = certificate("ca");
    assertThat(ca.getBasicConstraints()).isZero();
    for (var name : PAIRS) {
      var each = certificate(name);
      each.verify(ca.getPublicKey());
      each.checkValidity();
      assertThat(each.getPublicKey().getAlgorithm()).isEqualTo("EC");
    }
    for (var name : List.of("public", "internal", "admin")) {
      assertThat(
              certificate(name).getSubjectAlternativeNames().stream()
                  .map(san -> (String) san.get(1)))
          .containsExactlyInAnyOrder(
              "localhost",
              "127.0.0.1",
              "0:0:0:0:0:0:0:1",
              "ingam.example",
              "b.example",
              "192.0.2.1",
              "2001:db8:0:0:0:0:0:1");
      assertThat(certificate(name).getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    }
    assertThat(certificate("edge").getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(certificate("edge").getSubjectAlternativeNames().iterator().next().get(1))
        .isEqualTo("edge");
  }

  @Test
  void openssl_takesThem() throws Exception {
    for (var name : PAIRS.subList(1, PAIRS.size())) {
      var use = name.equals("edge") ? "sslclient" : "sslserver";
      assertThat(
              openssl(
                  "verify",
                  "-x509_strict",
                  "-purpose",
                  use,
                  "-CAfile",
                  tls("ca.pem").toString(),
                  tls(name + ".pem").toString()))
          .contains("OK");
    }
  }

  /// As docs/guide/tls.md says.
  @Test
  void openssl_makesAnotherClientCertificate() throws Exception {
    var key = home.resolve("more-key.pem").toString();
    var request = home.resolve("more.csr").toString();
    var extensions =
        Files.writeString(
            home.resolve("more.ext"), "extendedKeyUsage=clientAuth\nsubjectAltName=DNS:more\n");
    openssl(
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=more",
        "-keyout",
        key,
        "-out",
        request);
    var certificate = home.resolve("more.pem").toString();
    openssl(
        "x509",
        "-req",
        "-in",
        request,
        "-CA",
        tls("ca.pem").toString(),
        "-CAkey",
        tls("ca-key.pem").toString(),
        "-days",
        "365",
        "-extfile",
        extensions.toString(),
        "-out",
        certificate);

    assertThat(
            openssl(
                "verify",
                "-purpose",
                "sslclient",
                "-CAfile",
                tls("ca.pem").toString(),
                certificate))
        .contains("OK");
  }

  private static String openssl(String... words) throws Exception {
    var command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(words));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      Assumptions.abort("openssl is not installed: apt-get install openssl");
      throw e;
    }
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void saysWhatToTypeNext() {
    assertThat(init.out())
        .contains(
            "move " + tls("ca-key.pem"),
            "ingam serve --config " + made.resolve("ingam.yml"),
            "ingam clients create edge --right gate --tls-san-dns edge");
  }

  @Test
  void status_overTls_withTheCa() {
    assertThat(ingam("status").code()).isZero();
    assertThat(ingam("status").out()).contains("https://ingam.example:8420");
  }

  @Test
  void status_withoutTheCa_orWithAnother_isNotSent() throws IOException {
    var without = bare().run("status");
    assertThat(without.code()).isEqualTo(1);
    assertThat(without.err()).contains("--ca");
    var other = bare("--ca", tls("edge.pem").toString()).run("status");
    assertThat(other.code()).isEqualTo(1);
    var none = Files.writeString(home.resolve("none.pem"), "hello").toString();
    assertThat(bare("--ca", none).run("status").err()).contains("Expected certificates in PEM");
  }

  @Test
  void nameThatTheCertificateIsNotFor_isRefused() throws IOException {
    var ports =
        JsonReader.read(Files.readAllBytes(made.resolve("data/run/ports.json"))).orElseThrow();
    var port = ports.get("admin").text();
    assertThat(ports.get("urls").get("admin").text()).isEqualTo("https://127.0.0.1:" + port);
    assertThat(ingam("status", "--url", "https://localhost:" + port).code()).isZero();
    try (var relay = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"))) {
      Thread.ofVirtual().start(() -> relay(relay, Integer.parseInt(port)));
      var refused = ingam("status", "--url", "https://127.0.0.2:" + relay.getLocalPort());
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err()).contains("did not prove that it is meant", "127.0.0.2");
    }
  }

  /// Passes one connection on to the server: the same certificate at another address.
  private static void relay(ServerSocket relay, int port) {
    try (var client = relay.accept();
        var behind = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var back = Thread.ofVirtual().start(() -> copy(behind, client));
      copy(client, behind);
      back.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void clients_byCertificate_areMadeShownAndChanged() {
    var own = tls("edge.pem").toString();
    assertThat(
            ingam("clients", "create", "edge", "--right", "gate", "--tls-san-dns", "edge").code())
        .isZero();
    assertThat(ingam("clients", "show", "edge").out()).containsPattern("CERTIFICATE DNS +edge");
    assertThat(ingam("clients", "update", "edge", "--tls-san-uri", "spiffe://x/edge").out())
        .containsPattern("CERTIFICATE URI +spiffe://x/edge")
        .doesNotContain("CERTIFICATE DNS");
    assertThat(ingam("clients", "create", "self", "--right", "ledger", "--certificate", own).out())
        .containsPattern("AUTHENTICATION +self_signed_tls_client_auth");
    assertThat(ingam("clients", "create", "twin", "--right", "ledger", "--certificate", own).err())
        .contains("no other client has");
    assertThat(ingam("clients", "create", "g", "--right", "gate").err()).contains("gate needs");
    assertThat(
            ingam(
                    "clients",
                    "create",
                    "x",
                    "--right",
                    "gate",
                    "--tls-san-dns",
                    "x",
                    "--certificate",
                    own)
                .code())
        .isEqualTo(2);
  }

  @Test
  void folderWithSomethingInIt_isLeftAlone() throws IOException {
    var before = Files.readAllBytes(tls("ca-key.pem"));
    var again = Shell.alone().run("init", made.toString());
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("Nothing was overwritten");
    assertThat(Files.readAllBytes(tls("ca-key.pem"))).isEqualTo(before);
    var file = Files.writeString(home.resolve("file"), "x");
    assertThat(Shell.alone().run("init", file.toString()).code()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--dns=a b",
        "--dns=*.example",
        "--dns=1.2.3.4",
        "--dns=x,ip:1.2.3.4",
        "--dns=",
        "--ip=localhost",
        "--ip=1.2.3",
        "--ip=300.1.1.1",
        "--ip=",
        "--proxy=admin",
        "--proxy=ca",
        "--proxy=../x",
        "--proxy=a,b"
      })
  void namesThatAreNone_areRefused(String word) {
    var target = home.resolve("never");
    assertThat(Shell.alone().run("init", target.toString(), word).code()).isEqualTo(2);
    assertThat(target).doesNotExist();
  }
}
