package dev.ingam.drill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.drill.attack.Thief;
import dev.ingam.drill.shop.Members;
import dev.ingam.drill.shop.ShopBehindProxy;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.Json;
import dev.ingam.testkit.Until;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The sample service of `docs/guide/spring-boot.md`, as it is built, in a process of its own on
/// Java 17 where there is one, before the real server.
class SpringSampleTest {
  private static final Path JAR =
      Path.of("..", "docs", "guide", "spring-boot-sample", "target", "orders-1.jar");
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Clock CLOCK = Clock.systemUTC();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static @TempDir Path home;
  private static WorkFolder folder;
  private static Setup setup;
  private static Child server;
  private static IngamServer ingam;
  private static ShopBehindProxy shop;
  private static Process sample;
  private static int port;

  @BeforeAll
  static void open() throws IOException {
    assertThat(JAR).as("the sample, which ./mvnw verify builds before this").exists();
    folder = WorkFolder.make(null);
    setup = new Setup(folder, new SecureRandom());
    server = IngamServer.launch(folder, new Jvm(System.getProperties()), setup.serverConfig());
    ingam = IngamServer.ready(server, folder, CLOCK);
    setup.tell(ingam);
    shop = new ShopBehindProxy(setup.shop(ingam, 12), CLOCK);
    var client =
        Json.empty()
            .with("id", "orders")
            .with("authentication", "client_secret")
            .with("rights", List.of("ledger"));
    var made = ingam.post("/admin/clients", client);
    Files.writeString(home.resolve("orders.secret"), made.text("secret") + "\n");
    port = freePort();
    sample =
        start(
            "sample.log",
            "--server.port=" + port,
            "--ingam.resource-server.audience=shop",
            "--ingam.resource-server.issuer=" + ingam.address().issuer(),
            "--ingam.resource-server.internal-url=" + ingam.ports().internalUri());
    Until.isTrue("the sample serves", PATIENCE, SpringSampleTest::serves);
  }

  @AfterAll
  static void close() {
    if (sample != null) {
      sample.destroyForcibly();
    }
    if (shop != null) {
      shop.close();
    }
    if (server != null) {
      server.close();
    }
    folder.close();
  }

  private static Process start(String log, String... arguments) throws IOException {
    var command = new ArrayList<>(List.of(java(), "-Xmx256m", "-jar"));
    command.add(JAR.toAbsolutePath().toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(home.toFile())
        .redirectErrorStream(true)
        .redirectOutput(home.resolve(log).toFile())
        .start();
  }

  private static String java() throws IOException {
    try (Stream<Path> found = Files.list(Path.of("/usr/lib/jvm"))) {
      return found
          .filter(path -> path.getFileName().toString().matches(".*\\b(jdk-?|java-|openjdk-)17.*"))
          .map(path -> path.resolve("bin/java"))
          .filter(Files::isExecutable)
          .findFirst()
          .orElse(Path.of(System.getProperty("java.home"), "bin", "java"))
          .toString();
    }
  }

  /// Honest, forged, honest again after the theft was proven, and in the end with nobody to ask.
  @Test
  void sample_takesWhatWasIssued() throws Exception {
    var honest = token(1);
    var page = ask(honest);
    assertThat(page.statusCode()).as(log("sample.log")).isEqualTo(200);
    assertThat(page.body()).isEqualTo("orders of " + Members.id(1));
    assertThat(ask(null).statusCode()).isEqualTo(401);

    var thief = new Thief(setup.store(ingam, false), token(0), CLOCK);
    for (var forged : thief.forgeries(Members.id(2))) {
      var answer = ask(forged);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate"))
          .contains("Bearer error=\"invalid_token\"");
      assertThat(log("sample.log")).doesNotContain(forged);
    }
    assertThat(log("sample.log"))
        .contains("A token was refused", "not_issued")
        .doesNotContain(Members.id(1), Members.id(2), honest);
    Until.isTrue("the theft is proven", PATIENCE, () -> isProven(thief.kid()));
    assertThat(ask(honest).statusCode()).isEqualTo(200);
    assertThat(ask(token(3)).statusCode()).isEqualTo(200);

    var last = token(4);
    server.close();
    assertThat(ask(last).statusCode()).isEqualTo(503);
  }

  @Test
  void sample_thatLacksEverything_saysSoAndStops() throws Exception {
    var broken =
        start(
            "broken.log",
            "--server.port=0",
            "--ingam.resource-server.audience=",
            "--ingam.resource-server.client-id=nobody",
            "--ingam.resource-server.internal-url=nowhere");
    assertThat(broken.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(broken.exitValue()).isNotZero();
    assertThat(log("broken.log"))
        .contains("APPLICATION FAILED TO START")
        .contains("- ingam.resource-server.audience: expected")
        .contains("- ingam.resource-server.internal-url: expected")
        .contains("- ingam.resource-server.client-secret-file: expected");
  }

  /// What a user copies names what is built here.
  @Test
  void pom_namesTheStarterOfThisVersion() throws IOException {
    var sample = Files.readString(JAR.getParent().resolveSibling("pom.xml"), UTF_8);
    var parent = Files.readString(Path.of("..", "pom.xml"), UTF_8);
    var version = parent.substring(parent.indexOf("<version>") + 9, parent.indexOf("</version>"));
    assertThat(sample)
        .contains(
            "<artifactId>ingam-spring-boot-starter</artifactId>\n      <version>" + version + "<");
  }

  private static boolean isProven(String kid) {
    return ingam.get("/admin/proofs").objects("proofs").stream()
        .anyMatch(proof -> proof.text("kid").equals(kid) && proof.has("tainted_at"));
  }

  private static boolean serves() {
    if (!sample.isAlive()) {
      throw new AssertionError("the sample ended:\n" + log("sample.log"));
    }
    return log("sample.log").contains("Started Orders");
  }

  private static String log(String name) {
    try {
      return Files.readString(home.resolve(name), UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String token(int member) {
    var id = Members.id(member);
    var login = Json.empty().with("member", id).with("password", setup.passwords().of(id));
    return new HttpCaller()
        .post(shop.login().resolve("/login"), java.util.Map.of(), login)
        .expect("a log-in")
        .text("access_token");
  }

  private static HttpResponse<String> ask(@Nullable String token)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/orders"));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return HTTP.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
