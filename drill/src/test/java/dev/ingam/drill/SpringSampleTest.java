package dev.ingam.drill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.drill.shop.Members;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The sample service of `docs/guide/spring-boot.md`, as it is built, in a process of its own on
/// Java 17 where there is one, before the real server.
class SpringSampleTest {
  private static final Path JAR =
      Path.of("..", "docs", "guide", "spring-boot-sample", "target", "orders-1.jar");
  private static final String SETTINGS = "INGAM_RESOURCESERVER_";

  @TempDir Path folder;

  private SampleService start(Map<String, String> environment) throws IOException {
    assertThat(JAR).as("the sample, which ./mvnw verify builds before this").exists();
    var command =
        List.of(SampleService.java(), "-Xmx256m", "-jar", JAR.toAbsolutePath().toString());
    return SampleService.start(
        new SampleService.Way(command, folder, "/orders", "Started Orders"), environment);
  }

  /// Honest, forged, honest again after the theft was proven, and in the end with nobody to ask.
  @Test
  void sample_takesWhatWasIssued() throws IOException {
    try (var house = new SampleHouse()) {
      Files.writeString(folder.resolve("orders.secret"), house.secretOf("orders", "ledger") + "\n");
      var environment =
          Map.of(
              SETTINGS + "AUDIENCE", SampleHouse.AUDIENCE,
              SETTINGS + "ISSUER", house.issuer(),
              SETTINGS + "INTERNALURL", house.internal().toString());
      try (var sample = start(environment)) {
        takesWhatWasIssued(house, sample);
      }
    }
  }

  private static void takesWhatWasIssued(SampleHouse house, SampleService sample) {
    var honest = house.token(1);
    var page = sample.ask(honest);
    assertThat(page.statusCode()).as(sample.log()).isEqualTo(200);
    assertThat(page.body()).isEqualTo("orders of " + Members.id(1));
    assertThat(sample.status(null)).isEqualTo(401);

    var thief = house.thief();
    for (var forged : thief.forgeries(Members.id(2))) {
      var answer = sample.ask(forged);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate"))
          .contains("Bearer error=\"invalid_token\"");
      assertThat(sample.log()).doesNotContain(forged);
    }
    assertThat(sample.log())
        .contains("A token was refused", "not_issued")
        .doesNotContain(Members.id(1), Members.id(2), honest);
    house.awaitProof(thief.kid());
    assertThat(sample.status(honest)).isEqualTo(200);
    assertThat(sample.status(house.token(3))).isEqualTo(200);

    var last = house.token(4);
    house.endServer();
    assertThat(sample.status(last)).isEqualTo(503);
  }

  @Test
  void sample_thatLacksEverything_saysSoAndStops() {
    var environment =
        Map.of(
            SETTINGS + "AUDIENCE", "",
            SETTINGS + "CLIENTID", "nobody",
            SETTINGS + "INTERNALURL", "nowhere");
    assertThatThrownBy(() -> start(environment))
        .hasMessageContaining("APPLICATION FAILED TO START")
        .hasMessageContaining("- ingam.resource-server.audience: expected")
        .hasMessageContaining("- ingam.resource-server.internal-url: expected")
        .hasMessageContaining("- ingam.resource-server.client-secret-file: expected");
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
}
