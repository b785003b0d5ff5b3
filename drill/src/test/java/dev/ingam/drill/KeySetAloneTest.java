package dev.ingam.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.drill.shop.Members;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `docs/guide/spring-security.md` says of Spring Security's own resource server with the
/// public key set alone, and above all what it says that this gives up.
@Tag("full")
class KeySetAloneTest {
  private static final Path JAR =
      Path.of("..", "docs", "guide", "spring-security-sample", "target", "catalogue-1.jar");
  private static final String PROPERTIES = "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_";

  @TempDir Path folder;

  private SampleService start(SampleHouse house) throws IOException {
    assertThat(JAR).as("the sample, which ./mvnw verify builds before this").exists();
    var command =
        List.of(SampleService.java(), "-Xmx256m", "-jar", JAR.toAbsolutePath().toString());
    return SampleService.start(
        new SampleService.Way(command, folder, "/catalogue", "Started Catalogue"),
        Map.of(
            PROPERTIES + "JWKSETURI",
            house.issuer() + "/oauth2/jwks",
            PROPERTIES + "ISSUERURI",
            house.issuer(),
            PROPERTIES + "AUDIENCES",
            SampleHouse.AUDIENCE));
  }

  @Test
  void springSecurity_takesForgedTokensUntilItFetchesTheKeysAgain() throws IOException {
    try (var house = new SampleHouse();
        var sample = start(house)) {
      var honest = house.token(1);
      var page = sample.ask(honest);
      assertThat(page.statusCode()).as(page.headers() + sample.log()).isEqualTo(200);
      assertThat(page.body()).isEqualTo("catalogue for " + Members.id(1));
      assertThat(sample.status(null)).isEqualTo(401);

      var thief = house.thief();
      var forgeries = thief.forgeries(Members.id(2));
      for (var forged : forgeries.subList(0, 2)) {
        assertThat(sample.ask(forged).body()).isEqualTo("catalogue for " + Members.id(2));
      }
      assertThat(sample.status(forgeries.get(2))).as("without a serial").isEqualTo(401);
      assertThat(house.proofs()).as("nobody was asked, so nothing is proven").isEmpty();

      assertThat(house.gate(forgeries.get(0)).status()).isEqualTo(401);
      house.awaitProof(thief.kid());
      var later = house.token(3);
      assertThat(sample.status(later)).as("by the reserve key").isEqualTo(200);
      assertThat(sample.status(forgeries.get(0))).as("the old set is kept").isEqualTo(200);
      withAFreshSet(house, forgeries.get(0), honest, later);
    }
  }

  private void withAFreshSet(SampleHouse house, String forged, String honest, String later)
      throws IOException {
    try (var fresh = start(house)) {
      assertThat(fresh.status(forged)).isEqualTo(401);
      assertThat(fresh.status(honest)).as("the price: honest, by the same key").isEqualTo(401);
      assertThat(house.gate(honest).status()).as("the ledger knows it").isEqualTo(200);
      assertThat(fresh.status(later)).isEqualTo(200);
      house.revokeAll();
      assertThat(house.gate(later).status()).isEqualTo(401);
      assertThat(fresh.status(later)).as("a watermark is not seen").isEqualTo(200);
      house.endServer();
      assertThat(fresh.status(later)).as("the set is kept").isEqualTo(200);
    }
  }
}
