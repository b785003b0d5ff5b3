package dev.ingam.issuance;

import static dev.ingam.issuance.IssuanceFixture.error;
import static dev.ingam.issuance.IssuanceFixture.json;
import static dev.ingam.issuance.IssuanceFixture.jwt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.session.LoginEvent;
import dev.ingam.issuance.session.SessionId;
import dev.ingam.issuance.session.Sessions;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.testkit.Until;
import dev.ingam.wire.AccessToken;
import dev.ingam.wire.TokenReader;
import dev.ingam.wire.TokenReading;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class TokenExchangeTest {
  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  private IssuanceFixture house;
  @TempDir private Path folder;

  @BeforeEach
  void open() {
    house = new IssuanceFixture(DATABASE, folder, new Sessions.Limits(3, Duration.ofHours(12)));
    house.keyClient("web", ClientRight.TOKEN_EXCHANGE);
  }

  @AfterEach
  void close() {
    house.close();
  }

  private TokenResponse exchange(String subjectToken) {
    return house.post(Listener.INTERNAL, house.exchange("web", subjectToken));
  }

  private TokenResponse exchange(Map<String, String> changed) {
    var form = new HashMap<>(house.exchange("web", house.subjectToken("kim", house.login("kim"))));
    form.putAll(changed);
    return house.post(Listener.INTERNAL, form);
  }

  private static AccessToken.Claims claims(TokenResponse response) {
    var read = (TokenReading.Read) new TokenReader().read(json(response).string("access_token"));
    return read.token().claims();
  }

  /// A subject token of the upstream with one claim replaced.
  private String vouched(String claims) {
    return jwt(house.upstreamKey, claims);
  }

  private long now() {
    return house.clock.instant().getEpochSecond();
  }

  @Test
  void liveSession_bearsAToken() {
    var response = exchange(house.subjectToken("kim", house.login("kim")));

    assertThat(response.status()).isEqualTo(200);
    assertThat(json(response).string("issued_token_type")).isEqualTo(TokenTypes.ACCESS_TOKEN);
    var claims = claims(response);
    assertThat(claims.subject()).isEqualTo("kim");
    assertThat(claims.clientId()).isEqualTo("web");
    assertThat(claims.session()).hasSize(22);
  }

  @Test
  void sessionId_isNotInTheToken() {
    var session = house.login("kim");

    assertThat(claims(exchange(house.subjectToken("kim", session))).session())
        .isNotEqualTo(session);
  }

  @Test
  void thiefWithCredentialAndUpstreamKey_getsNothingAndAlarms() {
    house.login("kim");
    var madeUp = UUID.randomUUID().toString().replace("-", "").substring(0, 21) + "A";

    assertThat(error(exchange(house.subjectToken("kim", madeUp)))).isEqualTo("400 invalid_grant");
    assertThat(error(exchange(house.subjectToken("kim", "short")))).isEqualTo("400 invalid_grant");

    assertThat(house.issuance.alarms())
        .extracting("code")
        .containsExactly("exchange_without_session");
    assertThat(house.issuance.exchangesWithoutSession()).isEqualTo(2);
    assertThat(house.issuance.events().after(0, 100))
        .extracting("type")
        .filteredOn("exchange_without_session"::equals)
        .hasSize(1);
  }

  @Test
  void sessionOfAnother_bearsNothing() {
    var session = house.login("lee");

    assertThat(error(exchange(house.subjectToken("kim", session)))).isEqualTo("400 invalid_grant");
    assertThat(house.issuance.exchangesWithoutSession()).isEqualTo(1);
  }

  @Test
  void sessionOpenedByTheExchangerItself_bearsNothing() {
    var event = new LoginEvent("kim", house.clock.instant(), "password", "203.0.113.7");
    var opened = (Sessions.Opened) house.issuance.sessions().open(event, "web");

    assertThat(error(exchange(house.subjectToken("kim", opened.id().reveal()))))
        .isEqualTo("400 invalid_grant");
  }

  @Test
  void endedSession_bearsNothingAndDoesNotAlarm() {
    var session = house.login("kim");
    var token = house.subjectToken("kim", session);
    assertThat(exchange(token).status()).isEqualTo(200);
    var caller = new Caller("login-system", Set.of());
    var body = "{\"session\":\"" + session + "\"}";
    assertThat(house.issuance.logins().logout(caller, body.getBytes()).status()).isEqualTo(204);

    assertThat(error(exchange(token))).isEqualTo("400 invalid_grant");
    assertThat(house.issuance.alarms()).isEmpty();
  }

  @Test
  void sessionRunOut_bearsNothing() {
    var session = house.login("kim");
    house.clock.advance(Duration.ofHours(12));

    assertThat(error(exchange(house.subjectToken("kim", session)))).isEqualTo("400 invalid_grant");
  }

  @Test
  void sessionThatEndsWhileTheTokenIsMade_bearsNothing() {
    var session = house.login("kim");
    var token = house.subjectToken("kim", session);
    house.beforeSigning =
        () -> house.issuance.sessions().end(SessionId.parse(session), "login-system");

    assertThat(error(exchange(token))).isEqualTo("400 invalid_grant");
    assertThat(house.issuance.tokens().issued()).isZero();
  }

  @Test
  void sessionInItsLastSecond_bearsNothing() {
    house.clock.advance(Duration.ofMillis(500));
    var session = house.login("kim");
    house.clock.advance(Duration.ofHours(12).minusMillis(300));

    assertThat(error(exchange(house.subjectToken("kim", session)))).isEqualTo("400 invalid_grant");
  }

  @Test
  void slotVoidedWhileSigning_answersTryAgain() {
    var token = house.subjectToken("kim", house.login("kim"));
    house.beforeSigning = this::awaitVoid;

    assertThat(error(exchange(token))).isEqualTo("503 temporarily_unavailable");
    house.beforeSigning = () -> {};
    assertThat(exchange(token).status()).isEqualTo(200);
  }

  /// Lets the clock run until the ledger voided what was reserved first and not signed in time.
  private void awaitVoid() {
    var status = house.ledger.get().status().books().getFirst();
    Until.isTrue(
        "void",
        Duration.ofSeconds(30),
        () -> {
          house.clock.advance(Duration.ofSeconds(1));
          return house.ledger.get().status().books().stream()
              .anyMatch(book -> book.mark() >= status.mark() + 1);
        });
  }

  @Test
  void token_doesNotOutliveItsSession() {
    var session = house.login("kim");
    house.clock.advance(Duration.ofHours(12).minusSeconds(40));

    var response = exchange(house.subjectToken("kim", session));

    assertThat(json(response).number("expires_in")).isEqualTo(40);
  }

  @Test
  void session_bearsABoundedNumberOfTokens() {
    var token = house.subjectToken("kim", house.login("kim"));
    for (int i = 0; i < 3; i++) {
      assertThat(exchange(token).status()).isEqualTo(200);
    }

    assertThat(error(exchange(token))).isEqualTo("400 invalid_grant");
  }

  @Test
  void withdrawnSubject_getsNothing() {
    var token = house.subjectToken("kim", house.login("kim"));
    assertThat(exchange(token).status()).isEqualTo(200);
    DATABASE.ownerClient().sql("update issuance.subject set withdrawn_at = now()").update();
    house.issuance.sessions().endWithdrawn();

    assertThat(error(exchange(token))).isEqualTo("400 invalid_grant");
    assertThat(house.issuance.alarms()).isEmpty();
  }

  @Test
  void subjectWithdrawnWhileTheTokenIsMade_getsNothing() {
    var token = house.subjectToken("kim", house.login("kim"));
    house.beforeSigning =
        () -> {
          DATABASE.ownerClient().sql("update issuance.subject set withdrawn_at = now()").update();
          house.issuance.sessions().endWithdrawn();
        };

    assertThat(error(exchange(token))).isEqualTo("400 invalid_grant");
    assertThat(house.issuance.tokens().issued()).isZero();
  }

  @Test
  void databaseAway_exchangesGoOnUntilTheLeaseEnds() {
    try (var own = TestDatabase.migrated("issuance", IssuanceSchema::migrate);
        var other = new IssuanceFixture(own, folder.resolve("other"))) {
      other.keyClient("web", ClientRight.TOKEN_EXCHANGE);
      var token = other.subjectToken("kim", other.login("kim"));
      own.close();

      for (int second = 0; second < NodeLease.DURATION.toSeconds(); second++) {
        var response = other.post(Listener.INTERNAL, other.exchange("web", token));
        assertThat(response.status()).as("second %d", second).isEqualTo(200);
        other.clock.advance(Duration.ofSeconds(1));
        other.nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      }
      assertThat(error(other.post(Listener.INTERNAL, other.exchange("web", token))))
          .isEqualTo("503 temporarily_unavailable");
    }
  }

  @Test
  void secretClient_cannotBeMadeForExchange() {
    var change =
        house.create(
            "lax",
            new dev.ingam.issuance.client.ClientAuthentication.ClientSecret(),
            Set.of(ClientRight.TOKEN_EXCHANGE),
            false);

    assertThat(change).isInstanceOf(dev.ingam.issuance.client.ClientChange.Invalid.class);
  }

  @Test
  void otherUpstreamKey_isRefused() {
    var claims =
        "{\"iss\":\"%s\",\"sub\":\"kim\",\"aud\":\"%s\",\"exp\":%d,\"sid\":\"%s\"}"
            .formatted(
                IssuanceFixture.UPSTREAM, IssuanceFixture.ISSUER, now() + 60, house.login("kim"));

    assertThat(error(exchange(jwt(house.clientKey, claims)))).isEqualTo("400 invalid_grant");
    assertThat(exchange(vouched(claims)).status()).isEqualTo(200);
    assertThat(house.issuance.alarms()).isEmpty();
  }

  @Test
  void subjectTokenThatIsOff_isRefused() {
    var sid = house.login("kim");
    var good = "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":%s,\"exp\":%d,\"sid\":\"" + sid + "\"}";
    var issuer = IssuanceFixture.UPSTREAM;
    var aud = "\"" + IssuanceFixture.ISSUER + "\"";
    for (var claims :
        new String[] {
          good.formatted("https://other.example", "kim", aud, now() + 60),
          good.formatted(issuer, "kim", "\"https://other.example\"", now() + 60),
          good.formatted(issuer, "kim", "[" + aud + ",\"https://x.example\"]", now() + 60),
          good.formatted(issuer, "kim", aud, now() + 3_600),
          good.formatted(issuer, "kim", aud, now() - 61),
          good.formatted(issuer, "client:web", aud, now() + 60),
          good.formatted(issuer, "k".repeat(49), aud, now() + 60),
          "{\"iss\":\"" + issuer + "\",\"sub\":\"kim\",\"aud\":" + aud + ",\"sid\":\"" + sid + "\"}"
        }) {
      assertThat(error(exchange(vouched(claims)))).as(claims).isEqualTo("400 invalid_grant");
    }
    assertThat(exchange(vouched(good.formatted(issuer, "kim", aud, now() + 60))).status())
        .isEqualTo(200);
  }

  @Test
  void parametersThatAreNotServed_areRefused() {
    for (var changed :
        new String[][] {
          {"subject_token_type", TokenTypes.ACCESS_TOKEN},
          {"requested_token_type", "urn:ietf:params:oauth:token-type:saml2"},
          {"actor_token", "x"},
          {"subject_token", ""}
        }) {
      assertThat(error(exchange(Map.of(changed[0], changed[1]))))
          .as(changed[0])
          .isEqualTo("400 invalid_request");
    }
  }

  @Test
  void audienceOfInternalDoors_isNotForPersons() {
    assertThat(error(exchange(Map.of("audience", Internal.AUDIENCE))))
        .isEqualTo("400 invalid_target");
  }

  @Test
  void assertion_isGoodOnce() {
    var form = house.exchange("web", house.subjectToken("kim", house.login("kim")));

    assertThat(house.post(Listener.INTERNAL, form).status()).isEqualTo(200);
    assertThat(error(house.post(Listener.INTERNAL, form))).isEqualTo("401 invalid_client");
  }

  @Test
  void clockPutBack_letsNoAssertionLiveTwice() {
    var session = house.login("kim");
    var form = house.exchange("web", house.subjectToken("kim", session));
    assertThat(house.post(Listener.INTERNAL, form).status()).isEqualTo(200);
    house.clock.advance(Duration.ofMinutes(10));
    assertThat(exchange(house.subjectToken("kim", session)).status()).isEqualTo(200);
    house.clock.advance(Duration.ofMinutes(-10));

    assertThat(error(house.post(Listener.INTERNAL, form))).isEqualTo("503 temporarily_unavailable");
  }

  @Test
  void assertionThatIsOff_isRefused() {
    var good = "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":%s,\"exp\":%d,\"jti\":\"%s\"}";
    var aud = "\"" + IssuanceFixture.ISSUER + "\"";
    for (var claims :
        new String[] {
          good.formatted("web", "other", aud, now() + 60, "a"),
          good.formatted("nobody", "nobody", aud, now() + 60, "b"),
          good.formatted("web", "web", "\"https://other.example\"", now() + 60, "c"),
          good.formatted("web", "web", "[" + aud + ",\"x\"]", now() + 60, "d"),
          good.formatted("web", "web", aud, now() + 3_600, "e"),
          good.formatted("web", "web", aud, now() - 61, "f"),
          good.formatted("web", "web", aud, now() + 60, ""),
          good.formatted("web", "web", aud, now() + 60, "j".repeat(201))
        }) {
      var response = exchange(Map.of("client_assertion", jwt(house.clientKey, claims)));
      assertThat(error(response)).as(claims).isEqualTo("401 invalid_client");
    }
    var fine = good.formatted("web", "web", "[" + aud + "]", now() + 60, "g");
    assertThat(exchange(Map.of("client_assertion", jwt(house.clientKey, fine))).status())
        .isEqualTo(200);
  }

  @Test
  void assertionUnderAnotherKeyOrAlgorithm_isRefused() {
    var claims =
        "{\"iss\":\"web\",\"sub\":\"web\",\"aud\":\"%s\",\"exp\":%d,\"jti\":\"z\"}"
            .formatted(IssuanceFixture.ISSUER, now() + 60);
    for (var assertion :
        new String[] {
          jwt(house.upstreamKey, claims),
          jwt(house.clientKey, "{\"alg\":\"ES256\"}", claims),
          jwt(house.clientKey, "{\"alg\":\"none\"}", claims),
          jwt(house.upstreamKey, "{\"alg\":\"Ed25519\",\"jku\":\"https://x.example/k\"}", claims),
          jwt(house.upstreamKey, "{\"alg\":\"Ed25519\",\"jwk\":{\"kty\":\"OKP\"}}", claims),
          jwt(house.upstreamKey, "{\"alg\":\"Ed25519\",\"x5c\":[\"MIIB\"]}", claims),
          jwt(house.clientKey, "{\"alg\":\"Ed25519\",\"kid\":\"other\"}", claims),
          jwt(house.clientKey, "{\"alg\":\"Ed25519\",\"kid\":7}", claims),
          jwt(house.clientKey, "{\"alg\":\"Ed25519\",\"crit\":[\"b64\"],\"b64\":false}", claims),
          jwt(house.clientKey, "{\"alg\":\"Ed25519\",\"zip\":\"DEF\"}", claims),
          jwt(house.clientKey, "{\"alg\":\"Ed25519\",\"typ\":\"at+jwt\"}", claims),
          "not a jwt"
        }) {
      assertThat(error(exchange(Map.of("client_assertion", assertion))))
          .as(assertion)
          .isEqualTo("401 invalid_client");
    }
  }

  /// Some issuers write such members always; nobody follows them, the registered key alone counts.
  @Test
  void assertionThatNamesAKeyElsewhere_isOneOfTheRegisteredKeyAllTheSame() {
    var claims =
        "{\"iss\":\"web\",\"sub\":\"web\",\"aud\":\"%s\",\"exp\":%d,\"jti\":\"y\"}"
            .formatted(IssuanceFixture.ISSUER, now() + 60);
    var header = "{\"alg\":\"Ed25519\",\"jku\":\"https://x.example/k\",\"x5t\":\"AA\"}";
    var assertion = jwt(house.clientKey, header, claims);
    assertThat(exchange(Map.of("client_assertion", assertion)).status()).isEqualTo(200);
  }

  @Test
  void assertionType_mustBeNamed() {
    assertThat(error(exchange(Map.of("client_assertion_type", "x"))))
        .isEqualTo("400 invalid_request");
  }
}
