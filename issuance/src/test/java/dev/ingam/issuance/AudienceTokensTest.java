package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.audience.Audience;
import dev.ingam.issuance.audience.Audiences.Outcome;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.judge.TestKeys;
import dev.ingam.issuance.ledger.Finding;
import dev.ingam.keys.Alarm;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.SignatureCheck;
import dev.ingam.wire.TokenReader;
import dev.ingam.wire.TokenReading;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Which key set signs is said by the audience's policy, whoever asks for the token.
class AudienceTokensTest {
  private static final String SHOP = "https://shop.example";

  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  private IssuanceFixture house;
  private String secret;
  @TempDir private Path folder;

  @BeforeEach
  void open() {
    house = new IssuanceFixture(DATABASE, folder);
    secret = house.secretClient("shop", Set.of(ClientRight.CLIENT_CREDENTIALS, ClientRight.LEDGER));
  }

  @AfterEach
  void close() {
    house.close();
  }

  private void signedBy(String keySet) {
    assertThat(house.issuance.audiences().set(new Audience(SHOP, keySet), null, "test"))
        .isEqualTo(Outcome.DONE);
  }

  private TokenResponse ask(String audience) {
    return house.post(
        Listener.PUBLIC,
        Map.of(
            "grant_type",
            "client_credentials",
            "client_id",
            "shop",
            "client_secret",
            secret,
            "audience",
            audience));
  }

  private TokenReading.Read token(String audience) {
    var text = IssuanceFixture.json(ask(audience)).string("access_token");
    return (TokenReading.Read) new TokenReader().read(text);
  }

  @Test
  void audienceWithAPolicy_getsTokensOfItsKeySet_enteredLikeAnyOther() {
    assertThat(token(SHOP).token().header().algorithm()).isEqualTo(Algorithm.ES256);
    signedBy("legacy");

    var read = token(SHOP);

    var jws = read.jws();
    assertThat(read.token().header().algorithm()).isEqualTo(Algorithm.RS256);
    assertThat(read.token().header().kid()).isEqualTo(house.keys.legacy());
    assertThat(
            new SignatureCheck(null)
                .verify(house.keys.find(house.keys.legacy()), jws.signingInput(), jws.signature()))
        .isTrue();
    var ledger = house.issuance.ledger();
    var serial = read.token().claims().serial();
    assertThat(ledger.lookup(serial, jws.digest())).isEqualTo(Finding.ISSUED);
    assertThat(ledger.show(serial).orElseThrow().kid()).isEqualTo(house.keys.legacy());
  }

  @Test
  void ourOwnDoors_keepTheUsualKeySet() {
    signedBy("legacy");
    assertThat(token(Internal.AUDIENCE).token().header().algorithm()).isEqualTo(Algorithm.ES256);
  }

  @Test
  void audienceInDoubt_getsNoToken_andOthersDo() {
    signedBy("legacy");
    DATABASE.ownerClient().sql("update issuance.audience set key_set = 'access'").update();
    house.issuance.audiences().refresh();

    assertThat(IssuanceFixture.error(ask(SHOP))).isEqualTo("503 temporarily_unavailable");
    assertThat(ask(Internal.AUDIENCE).status()).isEqualTo(200);
    assertThat(house.issuance.alarms()).extracting(Alarm::code).contains("row_not_ours");
    assertThat(house.issuance.audiences().delete(SHOP, "test")).isTrue();
    assertThat(token(SHOP).token().header().algorithm()).isEqualTo(Algorithm.ES256);
    assertThat(house.issuance.alarms()).isEmpty();
  }

  /// An honest token's serial in a forged RS256 token: a proof, and its key is condemned.
  @Test
  void forgedRs256Token_isAProof() {
    signedBy("legacy");
    var honest = token(SHOP);
    var legacy = house.keys.legacy();
    var payload =
        new String(honest.jws().payload(), java.nio.charset.StandardCharsets.UTF_8)
            .replace("client:shop", "u-1001");

    var forged = house.keys.forge(legacy, TestKeys.header("RS256", legacy), payload);
    var judgement = house.issuance.judge().judge(forged, "test");

    assertThat(judgement.proof().kid()).isEqualTo(legacy);
    assertThat(house.keys.find(legacy).state()).isEqualTo(KeyState.TAINTED);
  }
}
