package dev.ingam.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResourceServerSettingsTest {
  private static final URI LOCAL = URI.create("http://127.0.0.1:8420");

  @TempDir Path folder;

  private ResourceServerSettings settings(
      @Nullable String audience, URI internal, @Nullable Path secret) {
    return new ResourceServerSettings(
        audience, LOCAL, internal, "orders", secret, null, false, false, List.of());
  }

  private Path secret() throws IOException {
    return Files.writeString(folder.resolve("orders.secret"), "ingam_x\n");
  }

  @Test
  void audienceAndSecret_areEnough() throws IOException {
    assertThat(settings("https://orders.example", LOCAL, secret()).problems(false)).isEmpty();
  }

  @Test
  void everythingWrong_isSaidAtOnce() {
    var wrong = settings(" ", URI.create("ftp://x"), folder.resolve("none"));
    assertThat(wrong.problems(false))
        .hasSize(3)
        .anySatisfy(it -> assertThat(it).startsWith("ingam.resource-server.audience: expected"))
        .anySatisfy(it -> assertThat(it).contains("internal-url", "came ftp://x"))
        .anySatisfy(it ->
            assertThat(it)
                .contains("client-secret-file", "ingam clients create orders --right ledger"));
  }

  @Test
  void clientWithACertificate_needsNoSecret() {
    assertThat(settings("https://orders.example", LOCAL, null).problems(true)).isEmpty();
  }

  /// What editors complete is what there is.
  @Test
  void metadata_namesEachSetting() throws IOException {
    var text =
        new String(
            ResourceServerSettings.class
                .getResourceAsStream("/META-INF/spring-configuration-metadata.json")
                .readAllBytes(),
            StandardCharsets.UTF_8);
    var named = new TreeSet<String>();
    var matcher = Pattern.compile("\"ingam\\.resource-server\\.([a-z-]+)\"").matcher(text);
    while (matcher.find()) {
      named.add(matcher.group(1));
    }
    var there = new TreeSet<String>();
    for (var component : ResourceServerSettings.class.getRecordComponents()) {
      there.add(
          component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT));
    }
    assertThat(named).isEqualTo(there);
  }

  @Test
  void nameOfTheApplication_isTheClients() {
    var bare =
        new ResourceServerSettings("a", LOCAL, LOCAL, null, null, null, false, false, List.of());
    var named = bare.withDefaults("orders");
    assertThat(named.clientId()).isEqualTo("orders");
    assertThat(named.clientSecretFile()).isEqualTo(Path.of("orders.secret"));
    assertThat(bare.withDefaults(null).problems(false))
        .singleElement()
        .asString()
        .contains("spring.application.name; came neither");
  }
}
