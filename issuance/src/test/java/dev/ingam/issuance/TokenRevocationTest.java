package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.ledger.Finding;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.testkit.Until;
import dev.ingam.wire.CompactJws;
import dev.ingam.wire.Event;
import dev.ingam.wire.Serial;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenRevocationTest {
  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  private IssuanceFixture house;
  private String shopSecret;
  private String bankSecret;
  @TempDir private Path folder;

  @BeforeEach
  void open() {
    house = new IssuanceFixture(DATABASE, folder);
    shopSecret = house.secretClient("shop", Set.of(ClientRight.CLIENT_CREDENTIALS));
    bankSecret = house.secretClient("bank", Set.of(ClientRight.CLIENT_CREDENTIALS));
  }

  @AfterEach
  void close() {
    house.close();
  }

  private TokenResponse post(Map<String, String> form) {
    return post(IssuanceFixture.encode(form));
  }

  private TokenResponse post(String body) {
    return house
        .issuance
        .revocation()
        .handle(
            new TokenRequest(
                Listener.PUBLIC,
                IssuanceFixture.FORM,
                null,
                body.getBytes(StandardCharsets.UTF_8)));
  }

  private TokenResponse revoke(String client, String secret, String token) {
    return post(Map.of("client_id", client, "client_secret", secret, "token", token));
  }

  private Finding held(String token) {
    var jws = CompactJws.read(token);
    return house.ledger.get().lookup(Serial.parse(jws.claims().string("jti")), jws.digest());
  }

  private List<Event> events() {
    return house.issuance.events().after(0, 100).stream()
        .filter(each -> each.type().equals("token_revoked"))
        .toList();
  }

  @Test
  void ownToken_isRevokedDurablyAndToldOnce() {
    var token = house.token("shop", shopSecret);

    assertThat(revoke("shop", shopSecret, token).status()).isEqualTo(200);
    assertThat(revoke("shop", shopSecret, token).status()).as("again").isEqualTo(200);

    assertThat(held(token)).isEqualTo(Finding.REVOKED);
    assertThat(events()).hasSize(1);
    assertThat(events().getFirst().body().keySet()).containsExactly("client", "kid", "serial");
    try (var killed = house.ledger.killedInto(folder.resolve("killed"))) {
      var jws = CompactJws.read(token);
      var serial = Serial.parse(jws.claims().string("jti"));
      assertThat(killed.get().lookup(serial, jws.digest())).isEqualTo(Finding.REVOKED);
    }
  }

  @Test
  void token_revokedWhileTheClockIsAhead_staysRevokedWhenItIsPutBack() {
    var token = house.token("shop", shopSecret);
    var others = house.token("bank", bankSecret);
    house.clock.advance(Duration.ofHours(1));
    awaitTheLedgersClock(token, Finding.EXPIRED);

    assertThat(revoke("shop", shopSecret, token).status()).isEqualTo(200);
    assertThat(revoke("shop", shopSecret, others).status()).isEqualTo(200);

    house.clock.advance(Duration.ofHours(-1));
    awaitTheLedgersClock(token, Finding.REVOKED);
    assertThat(held(others)).isEqualTo(Finding.ISSUED);
  }

  private void awaitTheLedgersClock(String token, Finding finding) {
    Until.isTrue(finding.name(), Duration.ofSeconds(30), () -> held(token) == finding);
  }

  @Test
  void hint_isIgnored() {
    var token = house.token("shop", shopSecret);
    var form = new HashMap<>(Map.of("client_id", "shop", "client_secret", shopSecret));
    form.put("token", token);
    form.put("token_type_hint", "refresh_token");

    assertThat(post(form).status()).isEqualTo(200);
    assertThat(held(token)).isEqualTo(Finding.REVOKED);
  }

  @Test
  void tokenOfAnotherClient_isRefusedAndKept() {
    var token = house.token("shop", shopSecret);

    assertThat(IssuanceFixture.error(revoke("bank", bankSecret, token)))
        .isEqualTo("400 invalid_grant");

    assertThat(held(token)).isEqualTo(Finding.ISSUED);
    assertThat(events()).isEmpty();
  }

  @Test
  void expiredToken_isAnsweredAsRevoked() {
    var token = house.token("shop", shopSecret);
    house.clock.advance(Duration.ofSeconds(361));
    Until.isTrue(
        "the ledger's own clock has turned",
        Duration.ofSeconds(20),
        () -> held(token) == Finding.EXPIRED);

    assertThat(revoke("shop", shopSecret, token).status()).isEqualTo(200);
    assertThat(revoke("bank", bankSecret, token).status()).isEqualTo(200);
    assertThat(events()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "a.b.c", "e30.e30.AA", "한국"})
  void junk_isAnsweredAsRevoked(String token) {
    assertThat(revoke("shop", shopSecret, token).status()).isEqualTo(200);
    assertThat(events()).isEmpty();
    assertThat(house.keys.condemnations()).isZero();
  }

  @Test
  void forgedToken_isJudged() {
    var honest = house.token("shop", shopSecret);
    var jti = CompactJws.read(honest).claims().string("jti");
    var forged =
        house.keys.forge(
            house.keys.activeKid(),
            ("{\"iss\":\"%s\",\"sub\":\"ghost\",\"aud\":\"a\",\"client_id\":\"shop\",\"iat\":1,"
                    + "\"exp\":4000000000,\"jti\":\"%s\"}")
                .formatted(IssuanceFixture.ISSUER, jti));

    assertThat(revoke("shop", shopSecret, forged).status()).isEqualTo(200);

    assertThat(house.keys.firstCondemnations()).isEqualTo(1);
    assertThat(held(honest)).as("the honest token of that serial").isEqualTo(Finding.ISSUED);
  }

  @Test
  void forgedTokenOutsideTheProfile_isJudged() {
    var forged = house.keys.forge(house.keys.activeKid(), "{\"aud\":[1,2]}");

    assertThat(revoke("shop", shopSecret, forged).status()).isEqualTo(200);

    assertThat(house.keys.firstCondemnations()).isEqualTo(1);
  }

  @Test
  void ledgerAway_isUnavailable() {
    var token = house.token("shop", shopSecret);
    house.ledger.get().close();

    assertThat(IssuanceFixture.error(revoke("shop", shopSecret, token)))
        .isEqualTo("503 temporarily_unavailable");
  }

  @Test
  void databaseAway_revokesAndTellsLater() {
    var token = house.token("shop", shopSecret);
    DATABASE.ownerClient().sql("revoke insert on issuance.event from ingam_server").update();
    try {
      assertThat(revoke("shop", shopSecret, token).status()).isEqualTo(200);
      assertThat(held(token)).isEqualTo(Finding.REVOKED);
    } finally {
      DATABASE.ownerClient().sql("grant insert on issuance.event to ingam_server").update();
    }
    assertThat(events()).isEmpty();

    var next = house.token("shop", shopSecret);
    revoke("shop", shopSecret, next);

    assertThat(events()).hasSize(2);
  }

  @Test
  void callers_mustBeKnown() {
    var token = house.token("shop", shopSecret);

    assertThat(IssuanceFixture.error(revoke("shop", "wrong", token)))
        .isEqualTo("401 invalid_client");
    assertThat(IssuanceFixture.error(post(Map.of("token", token)))).isEqualTo("401 invalid_client");
    assertThat(IssuanceFixture.error(revoke("shop", shopSecret, "")))
        .isEqualTo("400 invalid_request");
    assertThat(held(token)).isEqualTo(Finding.ISSUED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"token=a&token=a", "token=%zz", "token=%ff", "=&=", "token"})
  void hostileForms_areRefused(String body) {
    assertThat(post(body).status()).isBetween(400, 401);
  }
}
