package dev.ingam.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import dev.ingam.keys.KeysException.Code;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.BirthCertificate;
import dev.ingam.wire.JsonObject;
import dev.ingam.wire.KeyState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Read with another library than ours.
final class BirthCertificatesTest {
  private static final TestDatabase DATABASE = TestHouse.database();

  @TempDir Path folder;
  private TestHouse house;
  private BirthCertificates births;

  @BeforeEach
  void start() {
    house = new TestHouse(folder, DATABASE);
    house.sets = List.of(KeySetConfig.access(), KeySetConfig.statements());
    house.start();
    births = births();
  }

  @AfterEach
  void stop() {
    house.close();
  }

  private BirthCertificates births() {
    return new BirthCertificates(house.ring(), house.keys::lastSeen, "https://id.example");
  }

  @Test
  void beforeTheFirst_nothingIsServed() {
    assertThat(births.json()).asString().isEqualTo("{\"keys\":[],\"births\":[]}");
    assertThat(births.of(house.activeKid())).isNull();
  }

  @Test
  void everyKey_hasOneThatVerifies() throws Exception {
    births.renew();
    var kids = house.keys.list().stream().map(KeyView::kid).toList();
    assertThat(kids).hasSize(4);
    for (var kid : kids) {
      var claims = verified(births.of(kid));
      assertThat(claims).containsEntry("sub", kid).containsEntry("iss", "https://id.example");
    }
    assertThat(served())
        .containsExactlyInAnyOrderElementsOf(kids.stream().map(births::of).toList());
  }

  /// The file store says of itself that whoever reads it has the key.
  @Test
  void certificate_saysHowTheKeyWasMade() throws Exception {
    births.renew();
    var key = house.keys.show(house.activeKid());
    assertThat(verified(births.of(key.kid())))
        .containsEntry("purpose", "access-token")
        .containsEntry("alg", "ES256")
        .containsEntry("set", "access")
        .containsEntry("domain", "domain-1")
        .containsEntry("store", "file")
        .containsEntry("device", "JDK " + Runtime.version().feature())
        .containsEntry("extractable", true)
        .containsEntry("signatures_counted_by", "process")
        .containsEntry("sign_for", 86_400L)
        .containsEntry("publish_ahead", 86_400L)
        .containsEntry("verify_for", 960L)
        .containsEntry("born", key.createdAt().getEpochSecond())
        .containsEntry("event", event(key.kid()));
    assertThat(JWSObject.parse(births.of(key.kid())).getHeader().getType().getType())
        .isEqualTo(BirthCertificate.TYPE);
  }

  @Test
  void renew_whenNothingChanged_signsNothing() {
    births.renew();
    var before = births.json();
    house.keys.runDue();
    births.renew();
    assertThat(births.json()).isSameAs(before);
    house.keys.runDue();
    assertThat(statement().signatures()).isEqualTo(4);
  }

  @Test
  void newKey_isAddedToThoseThatStand() {
    births.renew();
    var active = births.of(house.activeKid());
    var kid = house.keys.prepare("access", "root").kid();
    house.keys.runDue();
    births.renew();
    assertThat(births.of(kid)).isNotNull();
    assertThat(births.of(house.activeKid())).isSameAs(active);
  }

  /// A thief who copied the domain has the key of statements too: all are signed anew.
  @Test
  void theft_signsAllByTheSuccessor() throws Exception {
    births.renew();
    var stolen = statement().kid();
    var kid = house.activeKid();
    house.keys.condemn(kid, "proof", "judge");
    house.keys.runDue();
    births.renew();
    assertThat(house.keys.show(stolen).state()).isEqualTo(KeyState.TAINTED);
    assertThat(JWSObject.parse(births.of(kid)).getHeader().getKeyID())
        .isEqualTo(statement().kid())
        .isNotEqualTo(stolen);
    assertThat(verified(births.of(house.activeKid()))).containsEntry("domain", "domain-2");
    assertThat(house.alarms()).doesNotContain("no_active_key");
  }

  /// It stays as evidence, and nothing is certified by it.
  @Test
  void rowChangedByHand_hasNoCertificateAndAlarms() {
    var kid = house.activeKid();
    var row = DATABASE.ownerClient();
    row.sql("UPDATE keys.key_birth SET extractable = false WHERE kid = ?").param(kid).update();
    house.keys.runDue();
    births.renew();
    assertThat(births.of(kid)).isNull();
    assertThat(births.of(house.reserve().kid())).isNotNull();
    assertThat(house.alarms()).contains("row_mac_failed");
  }

  /// As a key of an installation that was updated.
  @Test
  void keyWithoutPapers_hasNone() {
    house.kill();
    DATABASE.ownerClient().sql("DELETE FROM keys.key_birth").update();
    house.start();
    births = births();
    births.renew();
    assertThat(served()).isEmpty();
    assertThat(house.keys.show(house.activeKid()).papers()).isNull();
  }

  @Test
  void withoutAKeyOfStatements_saysSoAndKeepsWhatWasSigned() {
    births.renew();
    var before = births.json();
    house.keys.prepare("access", "root");
    house.keys.runDue();
    house.clock.advance(Keyring.LEASE);
    assertThatThrownBy(births::renew)
        .isInstanceOfSatisfying(
            KeysException.class, e -> assertThat(e.code()).isEqualTo(Code.KEY_STATES_STALE));
    assertThat(births.json()).isSameAs(before);
  }

  private KeyView statement() {
    return house.in(KeyState.ACTIVE).stream()
        .filter(key -> key.set().equals("statement"))
        .findFirst()
        .orElseThrow();
  }

  private long event(String kid) {
    return DATABASE
        .ownerClient()
        .sql("SELECT seq FROM keys.event WHERE type = 'key.prepared' AND body ->> 'kid' = ?")
        .param(kid)
        .query(Long.class)
        .single();
  }

  private List<String> served() {
    var json = JsonObject.read(births.json());
    assertThat(json).isNotNull();
    var births = json.strings("births");
    assertThat(births).isNotNull();
    return births;
  }

  private Map<String, Object> verified(String certificate) throws Exception {
    var set = JWKSet.parse(new String(births.json(), StandardCharsets.UTF_8));
    var jws = parsed(certificate);
    var key = set.getKeyByKeyId(jws.getHeader().getKeyID());
    assertThat(jws.verify(new ECDSAVerifier(key.toECKey()))).isTrue();
    return jws.getPayload().toJSONObject();
  }

  private static JWSObject parsed(String certificate) throws ParseException {
    return JWSObject.parse(certificate);
  }
}
