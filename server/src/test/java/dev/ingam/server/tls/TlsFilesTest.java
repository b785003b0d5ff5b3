package dev.ingam.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.keys.Alarm;
import dev.ingam.server.start.Settings;
import dev.ingam.server.start.SettingsReader;
import dev.ingam.server.start.StartFailure;
import dev.ingam.testkit.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/// What is wrong with files is found before anything is served with them.
class TlsFilesTest {
  @TempDir static Path home;
  private static TestCa ca;

  @BeforeAll
  static void make() throws Exception {
    ca = new TestCa(home.resolve("ca"));
    ca.ca("root", null).ca("middle", "root").server("good", "middle").server("other", "root");
    ca.server("old", "root", "-startdate", "-10d", "-validity", "5");
    ca.server("weak", "root", "-keyalg", "RSA", "-keysize", "1024");
    ca.server("rsa", "root", "-keyalg", "RSA", "-keysize", "2048");
    ca.make("nameless", "root", List.of());
    ca.client("client", "root", "client.example");
    for (var name : List.of("good", "other", "old", "weak", "rsa", "nameless", "client")) {
      ca.pem(name + ".pem", name);
      ca.key(name + "-key.pem", name);
    }
    ca.pem("chain.pem", "good", "middle", "root");
    ca.pem("root.pem", "root");
  }

  private static Settings settings(Map<String, String> tls) {
    var all = new HashMap<String, Object>();
    tls.forEach(
        (name, file) -> all.put("ingam." + name, home.resolve("ca").resolve(file).toString()));
    var environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", all));
    return SettingsReader.read(environment);
  }

  private static Map<String, String> pair(String listener, String certificate, String key) {
    return Map.of(
        listener + ".tls.certificate", certificate + ".pem", listener + ".tls.key", key + ".pem");
  }

  private static Tls open(String certificate, String key) {
    return open(pair("public", certificate, key));
  }

  private static Tls open(Map<String, String> tls) {
    return Tls.open(settings(tls), Clock.systemUTC());
  }

  private static void isRefused(String certificate, String key, String... words) {
    assertThatThrownBy(() -> open(certificate, key))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("1 problem(s)")
        .hasMessageContainingAll(words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"good", "rsa", "chain"})
  void goodPair_isTaken(String name) {
    try (var tls = open(name, name.equals("chain") ? "good-key" : name + "-key")) {
      assertThat(tls.at("public")).isNotNull();
      assertThat(tls.at("internal")).isNull();
      assertThat(tls.isFor("public", "LOCALHOST")).isTrue();
      assertThat(tls.isFor("public", "127.0.0.1")).isTrue();
      assertThat(tls.isFor("public", "localhost.example")).isFalse();
      assertThat(tls.isFor("internal", "localhost")).isFalse();
      assertThat(tls.alarms()).isEmpty();
    }
  }

  @Test
  void keyThatOthersCanRead_isRefused() throws Exception {
    var text = Files.readString(ca.key("exposed-key.pem", "good"));
    ca.replace("exposed-key.pem", "rw-r-----", text);

    isRefused("good", "exposed-key", "exposed-key.pem", "0600", "rw-r-----");
  }

  @Test
  void keyOfAnother_isRefused() {
    isRefused("good", "other-key", "other-key.pem", "came another key");
    isRefused("good", "rsa-key", "rsa-key.pem", "came another or a damaged one");
  }

  @Test
  void encryptedKey_isRefusedWithTheWayOut() throws Exception {
    ca.replace("new.pem", "rw-------", TestCa.block("ENCRYPTED PRIVATE KEY", new byte[100]));
    ca.replace(
        "legacy.pem",
        "rw-------",
        "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n");

    isRefused("good", "new", "without a passphrase", "openssl pkcs8 -topk8 -nocrypt");
    isRefused("good", "legacy", "without a passphrase");
  }

  @Test
  void keyOfAnotherForm_isRefusedWithTheWayOut() throws Exception {
    ca.replace("sec1.pem", "rw-------", TestCa.block("EC PRIVATE KEY", new byte[100]));
    ca.replace("damaged.pem", "rw-------", TestCa.block("PRIVATE KEY", new byte[100]));
    ca.replace("cut.pem", "rw-------", "-----BEGIN PRIVATE KEY-----\nAAAA\n");
    ca.replace("empty.pem", "rw-------", "");

    isRefused("good", "sec1", "BEGIN PRIVATE KEY (PKCS#8)", "openssl pkcs8");
    isRefused("good", "damaged", "damaged one");
    isRefused("good", "cut", "came the end");
    isRefused("good", "empty", "came 0");
    isRefused("good", "absent", "there is none");
  }

  @Test
  void certificateThatCannotServe_isRefused() throws Exception {
    ca.pem("reverse.pem", "middle", "good");
    ca.pem("gap.pem", "good", "root");
    ca.replace("junk.pem", "rw-r--r--", "hello\n");
    ca.replace("broken.pem", "rw-r--r--", TestCa.block("CERTIFICATE", new byte[50]));
    ca.replace(
        "noise.pem", "rw-r--r--", "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n");

    isRefused("reverse", "good-key", "in order", "number 2 did not issue number 1");
    isRefused("gap", "good-key", "in order");
    isRefused("old", "old-key", "valid now");
    isRefused("weak", "weak-key", "RSA from 2048 bits");
    isRefused("nameless", "nameless-key", "subject alternative names");
    isRefused("client", "client-key", "serverAuth");
    isRefused("junk", "good-key", "came 0");
    isRefused("broken", "good-key", "damaged");
    isRefused("noise", "good-key", "base64");
    isRefused("absent", "good-key", "there is none");
    isRefused("good-key", "good-key", "came a private key too");
  }

  @Test
  void everyProblemOfEveryListener_isToldAtOnce() {
    var all = new HashMap<>(pair("public", "old", "absent"));
    all.putAll(pair("internal", "good", "other-key"));
    all.put("internal.tls.client-ca", "good.pem");
    all.putAll(pair("admin", "nameless", "nameless-key"));

    assertThatThrownBy(() -> open(all))
        .isInstanceOf(StartFailure.class)
        .hasMessageContainingAll(
            "3 problem(s)",
            "old.pem",
            "absent.pem",
            "other-key.pem",
            "good.pem: expected certificates of CAs",
            "nameless.pem");
  }

  @Test
  void listOfAnotherCa_isRefused() throws Exception {
    var all = new HashMap<>(pair("internal", "good", "good-key"));
    all.put("internal.tls.client-ca", "root.pem");
    ca.crl("middle", "middle.crl", 30);
    all.put("internal.tls.client-crl", "middle.crl");

    assertThatThrownBy(() -> open(all)).hasMessageContaining("none of them signed");
    all.put("internal.tls.client-crl", "root.pem");
    assertThatThrownBy(() -> open(all)).hasMessageContaining("X509 CRL, came none");
  }

  @Test
  void ends_areAlarmsTwoWeeksAhead() throws Exception {
    var end = ca.certificate("good").getNotAfter().toInstant();
    var clock = SettableClock.at(end.minus(Duration.ofDays(15)));
    try (var tls = Tls.open(settings(pair("public", "good", "good-key")), clock)) {
      assertThat(tls.alarms()).isEmpty();

      clock.advance(Duration.ofDays(2));
      assertThat(tls.alarms())
          .singleElement()
          .returns("certificate_expiring", Alarm::code)
          .returns(end.minus(Duration.ofDays(14)), Alarm::since);

      clock.advance(Duration.ofDays(14));
      assertThat(tls.alarms())
          .singleElement()
          .returns("certificate_expired", Alarm::code)
          .returns(end, Alarm::since);
    }
  }

  @Test
  void certificateThatRanOut_keepsNoNewListOut() throws Exception {
    var all = new HashMap<>(pair("internal", "good", "good-key"));
    all.put("internal.tls.client-ca", "root.pem");
    all.put("internal.tls.client-crl", "root.crl");
    ca.crl("root", "root.crl", 300);
    var clock = SettableClock.at(Clock.systemUTC().instant());
    try (var tls = Tls.open(settings(all), clock)) {
      clock.advance(Duration.ofDays(100));
      assertThat(tls.alarms()).extracting(Alarm::code).contains("certificate_expired");
      ca.crl("root", "root.crl", 299, "client");
      tls.at("internal").refresh();
      assertThat(tls.alarms()).extracting(Alarm::code).doesNotContain("certificate_not_reloaded");

      ca.pem("good.pem", "other");
      tls.at("internal").refresh();
      assertThat(tls.alarms())
          .filteredOn(alarm -> alarm.code().equals("certificate_not_reloaded"))
          .singleElement()
          .satisfies(alarm -> assertThat(alarm.what()).contains("valid now"));
    } finally {
      ca.pem("good.pem", "good");
    }
  }

  @Test
  void plainHttpBeyondLoopback_isAnAlarmForAsLongAsItLasts() {
    var environment = new StandardEnvironment();
    Map<String, Object> given =
        Map.of(
            "ingam.internal.address", "192.0.2.1",
            "ingam.internal.plain-http-beyond-loopback",
                "I accept that tokens can be read on the network");
    environment.getPropertySources().addFirst(new MapPropertySource("test", given));
    try (var tls = Tls.open(SettingsReader.read(environment), Clock.systemUTC())) {
      assertThat(tls.alarms())
          .singleElement()
          .returns("plain_http_beyond_loopback", Alarm::code)
          .satisfies(alarm -> assertThat(alarm.what()).contains("internal"));
    }
  }

  @Test
  void pemFile_keepsWhatStandsBetweenBlocksOut() throws Exception {
    var text =
        "Bag Attributes\r\n  x: -----BEGIN\r\n"
            + TestCa.block("A", new byte[] {1})
            + "\n#\n"
            + TestCa.block("B C", new byte[] {2});

    var blocks = PemFile.of(Path.of("x"), text.getBytes()).blocks();

    assertThat(blocks).extracting(PemFile.Block::label).containsExactly("A", "B C");
    assertThat(blocks.getFirst().der()).containsExactly(1);
    assertThat(blocks.getFirst().toString()).doesNotContain("1");
  }
}
