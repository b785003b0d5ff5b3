package dev.ingam.drill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.drill.shop.Members;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The services of `docs/guide/node.md`, as they are: `server.mjs`, which has the key set alone,
/// and `ledger.mjs`, which asks.
@Tag("full")
class NodeSamplesTest {
  private static final Path SOURCE = Path.of("..", "docs", "guide", "node-sample");
  private static final List<String> FILES =
      List.of("package.json", "package-lock.json", "server.mjs", "ledger.mjs");

  private static @TempDir Path folder;

  @BeforeAll
  static void install() throws Exception {
    for (var program : List.of("node", "npm")) {
      Assumptions.assumeTrue(
          isInstalled(program), program + " is not installed: apt-get install nodejs npm");
    }
    for (var file : FILES) {
      Files.copy(SOURCE.resolve(file), folder.resolve(file));
    }
    var log = folder.resolve("npm.txt");
    var npm =
        new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(npm.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(npm.exitValue()).as(Files.readString(log, UTF_8)).isZero();
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  private static SampleService start(SampleHouse house, String file, Map<String, String> more)
      throws IOException {
    var environment = new HashMap<>(more);
    environment.put("INGAM_ISSUER", house.issuer());
    environment.put("AUDIENCE", SampleHouse.AUDIENCE);
    return SampleService.start(
        new SampleService.Way(List.of("node", file), folder, "/orders", "Listening on"),
        environment);
  }

  private static SampleService startAsking(SampleHouse house) throws IOException {
    var secret = folder.resolve("reader.secret");
    Files.writeString(secret, house.secretOf("reader", "introspection") + "\n");
    return start(
        house,
        "ledger.mjs",
        Map.of("CLIENT_ID", "reader", "CLIENT_SECRET_FILE", secret.toString()));
  }

  /// One story: what is proven in it cannot be taken back.
  @Test
  void nodes_withTheKeySetAlone_andWithTheLedger() throws IOException {
    try (var house = new SampleHouse();
        var alone = start(house, "server.mjs", Map.of());
        var asking = startAsking(house)) {
      var honest = house.token(1);
      takesHonest(alone, honest);
      takesHonest(asking, honest);

      var thief = house.thief();
      var forgeries = thief.forgeries(Members.id(2));
      takesForged(alone, forgeries);
      assertThat(house.proofs()).as("nobody was asked, so nothing is proven").isEmpty();
      refusesAll(asking, forgeries);
      house.awaitProof(thief.kid());

      var later = house.token(3);
      assertThat(asking.status(honest)).as("the ledger still knows it").isEqualTo(200);
      assertThat(asking.status(later)).isEqualTo(200);
      assertThat(alone.status(later)).as("by the reserve key").isEqualTo(200);
      assertThat(alone.status(forgeries.get(0))).as("the old set is kept").isEqualTo(200);
      withAFreshSet(house, forgeries.get(0), honest, later);
      endsRevokedAndAway(house, alone, asking, later);
      assertThat(asking.log() + alone.log())
          .contains("A token was refused")
          .doesNotContain(honest, later, Members.id(1), Members.id(2))
          .doesNotContain(forgeries);
    }
  }

  private static void takesHonest(SampleService sample, String honest) {
    var page = sample.ask(honest);
    assertThat(page.statusCode()).as(sample.log()).isEqualTo(200);
    assertThat(page.body()).isEqualTo("orders of " + Members.id(1));
    assertThat(sample.status(null)).isEqualTo(401);
    assertThat(sample.status(honest + "A")).isEqualTo(401);
  }

  private static void takesForged(SampleService alone, List<String> forgeries) {
    for (var forged : forgeries.subList(0, 2)) {
      assertThat(alone.ask(forged).body()).isEqualTo("orders of " + Members.id(2));
    }
    assertThat(alone.status(forgeries.get(2))).as("without a serial").isEqualTo(401);
  }

  private static void refusesAll(SampleService asking, List<String> forgeries) {
    for (var forged : forgeries) {
      var answer = asking.ask(forged);
      assertThat(answer.statusCode()).as(asking.log()).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate"))
          .contains("Bearer error=\"invalid_token\"");
    }
  }

  private static void withAFreshSet(SampleHouse house, String forged, String honest, String later)
      throws IOException {
    try (var fresh = start(house, "server.mjs", Map.of())) {
      assertThat(fresh.status(forged)).isEqualTo(401);
      assertThat(fresh.status(honest)).as("the price: honest, by the same key").isEqualTo(401);
      assertThat(fresh.status(later)).isEqualTo(200);
    }
  }

  private static void endsRevokedAndAway(
      SampleHouse house, SampleService alone, SampleService asking, String token)
      throws IOException {
    house.revokeAll();
    assertThat(asking.status(token)).isEqualTo(401);
    assertThat(alone.status(token)).as("a watermark is not seen").isEqualTo(200);
    house.endServer();
    assertThat(asking.status(token)).isEqualTo(503);
    assertThat(alone.status(token)).isEqualTo(200);
    try (var late = start(house, "server.mjs", Map.of())) {
      assertThat(late.status(token)).as("no keys were ever had").isEqualTo(503);
    }
  }
}
