package dev.ingam.server.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.keys.KeySetConfig;
import dev.ingam.wire.Algorithm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;

/// Names and defaults are a promise to operators.
class SettingsTest {
  private static Settings read(Map<String, Object> properties) {
    var environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
    return SettingsReader.read(environment);
  }

  private static Map<String, Object> documented() throws IOException {
    var found = new HashMap<String, Object>();
    for (var source :
        new YamlPropertySourceLoader().load("yml", new ClassPathResource("application.yml"))) {
      for (var name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
        if (name.startsWith("ingam.")) {
          found.put(name, source.getProperty(name));
        }
      }
    }
    return found;
  }

  @Test
  void defaults_areTheDocumentedOnes() throws IOException {
    var written = read(documented());
    var plain = read(Map.of());
    assertThat(plain.dataDir()).isEqualTo(Path.of("data")).isEqualTo(written.dataDir());
    assertThat(plain.publicListener().portOr(8420)).isEqualTo(written.publicListener().port());
    assertThat(plain.internalListener().portOr(8422)).isEqualTo(written.internalListener().port());
    assertThat(plain.adminListener().portOr(8421)).isEqualTo(written.adminListener().port());
    assertThat(plain.publicListener().address()).isEqualTo("127.0.0.1");
    assertThat(plain.keys()).isEqualTo(written.keys());
    assertThat(plain.keys().signFor()).isEqualTo(Duration.ofHours(24));
    assertThat(plain.gate()).isEqualTo(written.gate());
    assertThat(plain.limits()).isEqualTo(written.limits());
    assertThat(plain.log()).isEqualTo(written.log());
    assertThat(plain.traces()).isEqualTo(written.traces());
    assertThat(plain.traces().endpoint()).isNull();
    assertThat(plain.issuer()).isNull();
    assertThat(plain.secretsDir()).isNull();
    assertThat(plain.database().url()).isNull();
    assertThat(plain.upstream().issuer()).isNull();
  }

  @Test
  void names_areThese() throws IOException {
    assertThat(new TreeSet<>(documented().keySet()))
        .containsExactly(
            "ingam.admin.address",
            "ingam.admin.port",
            "ingam.data-dir",
            "ingam.gate.certificate-on-loopback",
            "ingam.gate.unknown-tokens-at-once",
            "ingam.internal.address",
            "ingam.internal.port",
            "ingam.keys.algorithm",
            "ingam.keys.publish-ahead",
            "ingam.keys.sign-for",
            "ingam.limits.connections-per-peer",
            "ingam.limits.proxies",
            "ingam.limits.refusals-per-second",
            "ingam.log.format",
            "ingam.public.address",
            "ingam.public.port",
            "ingam.traces.share");
  }

  @Test
  void database_withOneRole_isRefused() {
    Map<String, Object> one =
        Map.of(
            "ingam.database.url", "jdbc:postgresql://h/d",
            "ingam.database.username", "a",
            "ingam.database.owner-username", "a");
    assertThatThrownBy(() -> read(one)).hasMessageContaining("two roles");
    assertThatThrownBy(() -> read(Map.of("ingam.database.url", "jdbc:h2:mem:x")))
        .hasMessageContaining("jdbc:postgresql:")
        .hasMessageContaining("owner-username");
  }

  @Test
  void everyProblem_isToldAtOnce() {
    var wrong =
        new HashMap<String, Object>(
            Map.of(
                "ingam.public.port", "70000",
                "ingam.internal.address", "10.0.0.1",
                "ingam.admin.address", "no such host.example",
                "ingam.issuer", "http://x/?q",
                "ingam.gate.unknown-tokens-at-once", "0"));
    assertThatThrownBy(() -> read(wrong))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("5 problem(s)");
    for (var issuer : List.of("http://x/", "urn:x", "http://x#f", "ftp://x")) {
      assertThatThrownBy(() -> read(Map.of("ingam.issuer", issuer)))
          .hasMessageContaining("ingam.issuer");
    }
  }

  @Test
  void limits_outOfBounds_areRefusedTogether() {
    var wrong =
        new HashMap<String, Object>(
            Map.of(
                "ingam.limits.refusals-per-second", "0",
                "ingam.limits.connections-per-peer", "4097",
                "ingam.limits.proxies", "10.0.0.1,proxy.example"));
    assertThatThrownBy(() -> read(wrong))
        .hasMessageContaining("3 problem(s)")
        .hasMessageContaining("proxy.example");
    assertThat(read(Map.of("ingam.limits.proxies", "10.0.0.1,2001:db8::1")).limits().proxies())
        .containsExactly("10.0.0.1", "2001:db8::1");
  }

  @Test
  void logFormat_thatIsNone_isRefused() {
    assertThatThrownBy(() -> read(Map.of("ingam.log.format", "json")))
        .hasMessageContaining("ingam.log.format: expected plain or ecs, came json");
    assertThat(read(Map.of("ingam.log.format", "ecs")).log().format()).isEqualTo("ecs");
  }

  @Test
  void traces_onlyInTheClearOnLoopback() {
    for (var wrong :
        List.of("http://collector.example:4318/v1/traces", "ftp://127.0.0.1/", "/v1/traces")) {
      assertThatThrownBy(() -> read(Map.of("ingam.traces.endpoint", wrong)))
          .hasMessageContaining("ingam.traces.endpoint: expected an https URL");
    }
    for (var share : List.of("-0.1", "1.1", "NaN")) {
      assertThatThrownBy(() -> read(Map.of("ingam.traces.share", share)))
          .hasMessageContaining("ingam.traces.share: expected 0 to 1");
    }
    for (var good : List.of("http://127.0.0.1:4318/v1/traces", "https://collector.example/x")) {
      assertThat(read(Map.of("ingam.traces.endpoint", good)).traces().endpoint()).hasToString(good);
    }
  }

  /// All that is wrong with the keys too, beside the rest.
  @Test
  void keys_problemsAreToldTogether() {
    var wrong =
        new HashMap<String, Object>(
            Map.of(
                "ingam.keys.algorithm", "RS256",
                "ingam.keys.legacy-algorithm", "ES256",
                "ingam.keys.sign-for", "1825d",
                "ingam.keys.publish-ahead", "1s",
                "ingam.public.port", "70000"));
    assertThatThrownBy(() -> read(wrong))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("5 problem(s)")
        .hasMessageContaining("ingam.keys.algorithm: expected ES256 or Ed25519, came RS256")
        .hasMessageContaining("ingam.keys.legacy-algorithm: expected RS256 or PS256")
        .hasMessageContaining("sign-for")
        .hasMessageContaining("publish-ahead");
    for (var odd : List.of("rs256", "HS256", "RS512", "none", "")) {
      assertThatThrownBy(() -> read(Map.of("ingam.keys.legacy-algorithm", odd)))
          .hasMessageContaining("1 problem(s)");
    }
  }

  @Test
  void legacyAlgorithm_makesASecondSet() {
    assertThat(read(Map.of()).keys().sets())
        .extracting(KeySetConfig::name)
        .containsExactly("access");
    for (var algorithm : List.of(Algorithm.RS256, Algorithm.PS256)) {
      var sets = read(Map.of("ingam.keys.legacy-algorithm", algorithm.jose())).keys().sets();
      assertThat(sets).extracting(KeySetConfig::name).containsExactly("access", "legacy");
      assertThat(sets.get(1).algorithm()).isEqualTo(algorithm);
      assertThat(sets.get(1).policy()).isEqualTo(sets.get(0).policy());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"public", "internal", "admin"})
  void namesOfTls_areThese(String listener) {
    var prefix = "ingam." + listener + ".tls.";
    var pair = Map.<String, Object>of(prefix + "certificate", "c", prefix + "key", "k");
    assertThat(read(pair).listeners().get(listener).tls())
        .isEqualTo(new Settings.Tls(Path.of("c"), Path.of("k"), null, null));
    assertThat(read(Map.of()).listeners().get(listener).tls().isOn()).isFalse();
    assertThatThrownBy(() -> read(Map.of(prefix + "ca", "c"))).hasMessageContaining(prefix + "ca");
  }

  @Test
  void clientCertificates_areForThePublicAndTheInternalListener() {
    for (var listener : List.of("public", "internal")) {
      var tls = read(withClients(listener)).listeners().get(listener).tls();
      assertThat(tls.clientCa()).isEqualTo(Path.of("a"));
      assertThat(tls.clientCrl()).isEqualTo(Path.of("r"));
    }
    assertThatThrownBy(() -> read(withClients("admin")))
        .hasMessageContaining("root credential alone");
  }

  private static Map<String, Object> withClients(String listener) {
    var prefix = "ingam." + listener + ".tls.";
    return Map.of(
        prefix + "certificate",
        "c",
        prefix + "key",
        "k",
        prefix + "client-ca",
        "a",
        prefix + "client-crl",
        "r");
  }

  @Test
  void halfOfTls_isRefused() {
    assertThatThrownBy(() -> read(Map.of("ingam.public.tls.key", "k")))
        .hasMessageContaining("certificate and key, or neither");
    assertThatThrownBy(() -> read(Map.of("ingam.internal.tls.client-ca", "a")))
        .hasMessageContaining("client-ca: expected certificate and key");
    assertThatThrownBy(() -> read(Map.of("ingam.internal.tls.client-crl", "a")))
        .hasMessageContaining("client-crl: expected client-ca");
    assertThatThrownBy(() -> read(Map.of("ingam.gate.certificate-on-loopback", "true")))
        .hasMessageContaining("ingam.internal.tls.client-ca");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "10.0.0.1", "::", "no such host.example"})
  void addressBeyondLoopback_needsTlsOrTheSentence(String address) {
    var given = new HashMap<String, Object>(Map.of("ingam.internal.address", address));
    assertThatThrownBy(() -> read(given))
        .hasMessageContaining("1 problem(s)")
        .hasMessageContaining("tls.certificate");
    given.put("ingam.internal.plain-http-beyond-loopback", "yes");
    assertThatThrownBy(() -> read(given)).hasMessageContaining(ListenerRules.WAIVER);
    given.put("ingam.internal.plain-http-beyond-loopback", ListenerRules.WAIVER);
    assertThat(read(given).internalListener().plainHttpBeyondLoopback()).isNotNull();
    given.remove("ingam.internal.plain-http-beyond-loopback");
    given.put("ingam.internal.tls.certificate", "c");
    given.put("ingam.internal.tls.key", "k");
    assertThat(read(given).internalListener().tls().isOn()).isTrue();
  }

  @Test
  void sentence_isNotTakenWhereNothingIsGivenUp_norForTheRootCredential() {
    assertThatThrownBy(
            () -> read(Map.of("ingam.public.plain-http-beyond-loopback", ListenerRules.WAIVER)))
        .hasMessageContaining("remove it");
    assertThatThrownBy(() ->
            read(
                Map.of(
                    "ingam.admin.address",
                    "10.0.0.1",
                    "ingam.admin.plain-http-beyond-loopback",
                    ListenerRules.WAIVER)))
        .hasMessageContaining("root credential never crosses");
  }

  @Test
  void publicListenerBeyondLoopback_needsAnIssuer() {
    var given =
        new HashMap<String, Object>(
            Map.of(
                "ingam.public.address", "0.0.0.0",
                "ingam.public.tls.certificate", "c",
                "ingam.public.tls.key", "k"));
    assertThatThrownBy(() -> read(given)).hasMessageContaining("ingam.issuer");
    given.put("ingam.issuer", "https://ingam.example");
    assertThat(read(given).issuer()).hasHost("ingam.example");
  }

  @Test
  void secret_doesNotPrintItself() {
    var settings = read(Map.of("ingam.database.password", "hunter2"));
    assertThat(settings.toString()).doesNotContain("hunter2").contains("[redacted]");
  }

  @Test
  void stores_inTheirOrder() {
    var settings =
        read(
            Map.of(
                "ingam.keys.stores[0].kind", "pkcs11",
                "ingam.keys.stores[0].library", "/usr/lib/softhsm/libsofthsm2.so",
                "ingam.keys.stores[0].token", "ingam-1",
                "ingam.keys.stores[0].pin-file", "/etc/ingam/ingam-1.pin",
                "ingam.keys.stores[1].kind", "file"));
    assertThat(settings.keys().stores())
        .containsExactly(
            new StoreSettings(
                "pkcs11",
                Path.of("/usr/lib/softhsm/libsofthsm2.so"),
                "ingam-1",
                Path.of("/etc/ingam/ingam-1.pin"),
                32),
            new StoreSettings("file", null, null, null, 32));
  }

  @Test
  void stores_thatCannotBe_areAllNamed() {
    assertThatThrownBy(() ->
            read(
                Map.of(
                    "ingam.keys.stores[0].kind", "vault",
                    "ingam.keys.stores[1].kind", "pkcs11",
                    "ingam.keys.stores[1].token", "ingam-1",
                    "ingam.keys.stores[2].kind", "file",
                    "ingam.keys.stores[2].token", "ingam-1",
                    "ingam.keys.stores[3].kind", "pkcs11",
                    "ingam.keys.stores[3].library", "/lib.so",
                    "ingam.keys.stores[3].token", "a label of more than thirty-two bytes",
                    "ingam.keys.stores[3].pin-file", "/pin")))
        .hasMessageContaining("stores[0].kind: expected file or pkcs11, came vault")
        .hasMessageContaining("stores[1]: expected library, token and pin-file")
        .hasMessageContaining("stores[2]: expected no library, token or pin-file")
        .hasMessageContaining("stores[3]: expected the label of a token, 1 to 32 bytes");
  }

  @Test
  void wrapping_unknownOrInTheDataFolder() {
    assertThatThrownBy(() -> read(Map.of("ingam.keys.wrapping.by", "vault:kek")))
        .hasMessageContaining(
            "wrapping.by: expected file:PATH, environment:NAME, credential:NAME or pkcs11");
    assertThatThrownBy(() ->
            read(
                Map.of(
                    "ingam.data-dir", "/srv/x", "ingam.keys.wrapping.before", "file:/srv/x/y/kek")))
        .hasMessageContaining("wrapping.before: expected a file outside of the data folder");
  }

  @Test
  void token_wholeAndOnce() {
    assertThatThrownBy(() -> read(Map.of("ingam.keys.wrapping.by", "pkcs11")))
        .hasMessageContaining("wrapping: expected library, token and pin-file beside pkcs11");
    assertThatThrownBy(() -> read(Map.of("ingam.keys.wrapping.token", "one")))
        .hasMessageContaining("expected library, token and pin-file only beside pkcs11");
    var twice = new HashMap<>(token("stores[0].", "one"));
    twice.putAll(token("stores[1].", "one"));
    twice.put("ingam.keys.stores[0].kind", "pkcs11");
    twice.put("ingam.keys.stores[1].kind", "pkcs11");
    assertThatThrownBy(() -> read(twice))
        .hasMessageContaining("stores[1]: expected each token once, came one again");
    var shared = new HashMap<>(token("stores[0].", "one"));
    shared.putAll(token("wrapping.", "one"));
    shared.put("ingam.keys.stores[0].kind", "pkcs11");
    shared.put("ingam.keys.wrapping.by", "pkcs11");
    assertThatThrownBy(() -> read(shared))
        .hasMessageContaining("wrapping: expected a token that bears no store");
  }

  private static Map<String, Object> token(String prefix, String label) {
    var name = "ingam.keys." + prefix;
    return Map.of(name + "library", "/lib.so", name + "token", label, name + "pin-file", "/pin");
  }
}
