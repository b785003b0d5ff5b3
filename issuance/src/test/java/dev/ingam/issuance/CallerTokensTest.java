package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.client.ClientSettings;
import dev.ingam.issuance.judge.ProofCount;
import dev.ingam.issuance.ledger.Finding;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.testkit.Until;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.Reason;
import dev.ingam.wire.TokenReader;
import dev.ingam.wire.TokenReading;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallerTokensTest {
  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  private IssuanceFixture house;
  private String secret;
  @TempDir private Path folder;

  @BeforeEach
  void open() {
    house = new IssuanceFixture(DATABASE, folder);
    secret = house.secretClient("api", Set.of(ClientRight.LEDGER));
  }

  @AfterEach
  void close() {
    house.close();
  }

  private String token(Map<String, String> more) {
    var form = new java.util.HashMap<>(more);
    form.put("grant_type", "client_credentials");
    form.putIfAbsent("client_id", "api");
    form.putIfAbsent("client_secret", secret);
    return IssuanceFixture.json(house.post(Listener.PUBLIC, form)).string("access_token");
  }

  private String token() {
    return token(Map.of("audience", Internal.AUDIENCE));
  }

  private CallerReading check(String token) {
    return house.issuance.callers().check("Bearer " + token, null, Internal.LEDGER_SCOPE);
  }

  private static CallerReading.Refused refused(CallerReading reading) {
    return (CallerReading.Refused) reading;
  }

  @Test
  void callerToken_passesAgainAndAgain() {
    var token = token();

    for (int i = 0; i < 3; i++) {
      assertThat(check(token))
          .isEqualTo(new CallerReading.Known(new Caller("api", Set.of(Internal.LEDGER_SCOPE))));
    }
  }

  @Test
  void scopeOfAnotherDoor_isForbidden() {
    var reading =
        refused(
            house.issuance.callers().check("Bearer " + token(), null, Internal.LOGIN_EVENTS_SCOPE));

    assertThat(reading.status()).isEqualTo(403);
    assertThat(reading.challenge()).contains("insufficient_scope");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "Basic YTpi", "Bearer", "Token x"})
  void otherHeader_isNobody(String header) {
    var reading = refused(house.issuance.callers().check(header, null, Internal.LEDGER_SCOPE));

    assertThat(reading.status()).isEqualTo(401);
    assertThat(reading.challenge()).isEqualTo("Bearer");
  }

  @Test
  void junk_isRefused() {
    assertThat(refused(check("junk")).reason()).isEqualTo(Reason.MALFORMED);
    assertThat(refused(check("")).status()).isEqualTo(401);
  }

  @Test
  void ordinaryToken_isForAnotherAudience() {
    var other = house.secretClient("shop", Set.of(ClientRight.CLIENT_CREDENTIALS));

    assertThat(refused(check(house.token("shop", other))).reason())
        .isEqualTo(Reason.WRONG_AUDIENCE);
  }

  @Test
  void expiredToken_isRefused() {
    var token = token();
    assertThat(check(token)).isInstanceOf(CallerReading.Known.class);
    house.clock.advance(Duration.ofSeconds(360));

    assertThat(refused(check(token)).reason()).isEqualTo(Reason.EXPIRED);
  }

  @Test
  void revokedToken_isRefusedThoughItPassedBefore() {
    var token = token();
    check(token);
    var read = (TokenReading.Read) new TokenReader().read(token);
    house.ledger.get().revoke(read.token().claims().serial());

    assertThat(refused(check(token)).reason()).isEqualTo(Reason.REVOKED);
  }

  @Test
  void keyRevoked_endsItsTokens_keyTainted_doesNot() {
    var token = token();
    house.keys.setState(house.keys.activeKid(), KeyState.TAINTED);
    assertThat(check(token)).isInstanceOf(CallerReading.Known.class);

    house.keys.setState(house.keys.activeKid(), KeyState.REVOKED);
    assertThat(refused(check(token)).reason()).isEqualTo(Reason.REVOKED_KEY);
    house.keys.setState(house.keys.activeKid(), KeyState.RETIRED);
    assertThat(refused(check(token)).reason()).isEqualTo(Reason.RETIRED_KEY);
  }

  @Test
  void clientDisabledOrWithoutItsRight_isRefusedAtOnce() {
    var token = token();
    var client = house.issuance.clients().find("api").orElseThrow();
    house
        .issuance
        .clients()
        .update(
            new ClientSettings(
                "api",
                client.authentication(),
                Set.of(ClientRight.CLIENT_CREDENTIALS),
                client.scopes(),
                client.audiences(),
                client.tokenLifetime(),
                false),
            "test");
    assertThat(refused(check(token)).status()).isEqualTo(403);

    house.issuance.clients().disable("api", "test");
    assertThat(refused(check(token)).reason()).isEqualTo(Reason.UNKNOWN_SUBJECT);
  }

  private String claims(String audience, String more) {
    var now = house.clock.instant().getEpochSecond();
    return ("{\"iss\":\"%s\",\"sub\":\"client:api\",\"aud\":%s,\"client_id\":\"api\","
            + "\"iat\":%d,\"exp\":%d,\"scope\":\"ingam:ledger\"%s}")
        .formatted(IssuanceFixture.ISSUER, audience, now, now + 300, more);
  }

  private String forged() {
    var claims = claims("\"urn:ingam:internal\"", ",\"jti\":\"AAAAAAAAAAAAAAAAAAAAAA\"");
    return house.keys.forge(house.keys.activeKid(), claims);
  }

  private long proofs() {
    return house.issuance.proofs().counts().stream().mapToLong(ProofCount::proofs).sum();
  }

  @Test
  void forgedCallerToken_isRefusedAndProvesTheTheft() {
    assertThat(refused(check(forged())).reason()).isEqualTo(Reason.NOT_ISSUED);
    assertThat(house.keys.firstCondemnations()).isEqualTo(1);
  }

  @Test
  void forgedTokenOutsideTheProfile_isRefusedAndProvesTheTheft() {
    var internal = "\"urn:ingam:internal\"";
    var jti = ",\"jti\":\"AAAAAAAAAAAAAAAAAAAAAA\"";
    for (var payload :
        new String[] {
          claims(internal, ""),
          claims(internal, ",\"jti\":7"),
          claims(internal, jti + ",\"admin\":true"),
          claims("[" + internal + ",\"https://shop.example\"]", jti),
          "no json"
        }) {
      var kid = house.keys.activeKid();

      assertThat(refused(check(house.keys.forge(kid, payload))).reason())
          .as(payload)
          .isEqualTo(Reason.MALFORMED);
      assertThat(house.issuance.proofs().condemnation(kid)).as(payload).isNotNull();
    }
    var kid = house.keys.activeKid();
    var header = "{\"alg\":\"ES256\",\"kid\":\"" + kid + "\",\"typ\":\"JWT\"}";
    assertThat(refused(check(house.keys.forge(kid, header, claims(internal, jti)))).reason())
        .isEqualTo(Reason.WRONG_TYPE);
    assertThat(house.issuance.proofs().condemnation(kid)).isNotNull();
    assertThat(house.keys.firstCondemnations()).isEqualTo(6);
  }

  @Test
  void sameForgedToken_isJudgedOnceInTenSeconds() {
    var forgeries = new String[] {forged(), house.keys.forge(house.keys.activeKid(), "{}")};
    for (int i = 0; i < 5; i++) {
      assertThat(refused(check(forgeries[0])).reason()).isEqualTo(Reason.NOT_ISSUED);
      assertThat(refused(check(forgeries[1])).reason()).isEqualTo(Reason.MALFORMED);
    }
    assertThat(proofs()).isEqualTo(2);

    house.clock.advance(Duration.ofSeconds(10));
    assertThat(refused(check(forgeries[0])).reason()).isEqualTo(Reason.NOT_ISSUED);
    assertThat(proofs()).isEqualTo(3);
    house.clock.advance(Duration.ofSeconds(-1));
    check(forgeries[0]);
    assertThat(proofs()).as("a clock that was put back").isEqualTo(4);
  }

  @Test
  void oldHonestToken_isNotShownToTheJudge() {
    var token = token();
    var read = (TokenReading.Read) new TokenReader().read(token);
    var serial = read.token().claims().serial();
    house.clock.advance(Duration.ofSeconds(361));
    Until.isTrue(
        "the ledger's own clock has turned",
        Duration.ofSeconds(20),
        () -> house.ledger.get().lookup(serial, read.jws().digest()) == Finding.EXPIRED);

    assertThat(refused(check(token)).reason()).isEqualTo(Reason.EXPIRED);
    assertThat(Reason.values()).allMatch(reason -> house.issuance.judge().refused(reason) == 0);
  }

  @Test
  void closedLedger_answersTryAgain() {
    var token = token();
    house.ledger.get().close();

    assertThat(refused(check(token)).status()).isEqualTo(503);
  }

  @Test
  void metadata_namesTheDoors() {
    var json = dev.ingam.wire.JsonObject.read(house.issuance.metadata().json());

    assertThat(json.string("issuer")).isEqualTo(IssuanceFixture.ISSUER);
    assertThat(json.string("token_endpoint")).isEqualTo(IssuanceFixture.ISSUER + "/oauth2/token");
    assertThat(json.string("jwks_uri")).isEqualTo(IssuanceFixture.ISSUER + "/oauth2/jwks");
    assertThat(json.strings("grant_types_supported")).containsExactly("client_credentials");
  }
}
