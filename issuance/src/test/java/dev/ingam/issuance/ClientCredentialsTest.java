package dev.ingam.issuance;

import static dev.ingam.issuance.IssuanceFixture.encode;
import static dev.ingam.issuance.IssuanceFixture.error;
import static dev.ingam.issuance.IssuanceFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.ClientAuthentication;
import dev.ingam.issuance.client.ClientChange;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.ledger.EntryView;
import dev.ingam.issuance.ledger.Finding;
import dev.ingam.keys.KeysException;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.TokenReader;
import dev.ingam.wire.TokenReading;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientCredentialsTest {
  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  private IssuanceFixture house;
  private String secret;
  @TempDir private Path folder;

  @BeforeEach
  void open() {
    house = new IssuanceFixture(DATABASE, folder);
    secret = house.secretClient("shop", Set.of(ClientRight.CLIENT_CREDENTIALS));
  }

  @AfterEach
  void close() {
    house.close();
  }

  private Map<String, String> form(String... more) {
    var form =
        new HashMap<>(
            Map.of(
                "grant_type", "client_credentials", "client_id", "shop", "client_secret", secret));
    for (int i = 0; i < more.length; i += 2) {
      form.put(more[i], more[i + 1]);
    }
    return form;
  }

  private TokenResponse post(String... more) {
    return house.post(Listener.PUBLIC, form(more));
  }

  private static TokenReading.Read read(String token) {
    return (TokenReading.Read) new TokenReader().read(token);
  }

  @Test
  void token_isOfTheProfileAndEntered() {
    var response = post("scope", "orders.read");

    assertThat(response.status()).isEqualTo(200);
    assertThat(json(response).string("token_type")).isEqualTo("Bearer");
    assertThat(json(response).number("expires_in")).isEqualTo(300);
    assertThat(json(response).string("scope")).isEqualTo("orders.read");
    var read = read(json(response).string("access_token"));
    var claims = read.token().claims();
    assertThat(claims.issuer()).isEqualTo(IssuanceFixture.ISSUER);
    assertThat(claims.subject()).isEqualTo("client:shop");
    assertThat(claims.clientId()).isEqualTo("shop");
    assertThat(claims.audience()).isEqualTo("https://shop.example");
    assertThat(claims.session()).isNull();
    assertThat(claims.expiresAt() - claims.issuedAt()).isEqualTo(300);
    assertThat(house.ledger.get().lookup(claims.serial(), read.jws().digest()))
        .isEqualTo(Finding.ISSUED);
  }

  @Test
  void secret_passesAsBasicToo() {
    var pair = "shop:" + secret;
    var header =
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));

    var response = house.post(Listener.PUBLIC, header, "grant_type=client_credentials");

    assertThat(response.status()).isEqualTo(200);
  }

  @Test
  void basicRefused_challenges() {
    var response = house.post(Listener.PUBLIC, "Basic !!!", "grant_type=client_credentials");

    assertThat(error(response)).isEqualTo("401 invalid_client");
    assertThat(response.challenge()).startsWith("Basic ");
  }

  @Test
  void unknownClientAndWrongSecret_lookAlike() {
    var wrongSecret = post("client_secret", "ingam_nothing");
    var unknown = post("client_id", "nobody");

    assertThat(error(wrongSecret)).isEqualTo("401 invalid_client");
    assertThat(unknown.json()).isEqualTo(wrongSecret.json());
  }

  @Test
  void credentials_areNeeded() {
    var response = house.post(Listener.PUBLIC, Map.of("grant_type", "client_credentials"));

    assertThat(error(response)).isEqualTo("401 invalid_client");
  }

  @Test
  void twoWaysOfAuthentication_areRefused() {
    var response = post("client_assertion", "x", "client_assertion_type", TokenTypes.ASSERTION);

    assertThat(error(response)).isEqualTo("400 invalid_request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "&grant_type=client_credentials",
        "&scope=profile&scope=profile",
        "&unheard=1&unheard=2",
        "&broken=%zz",
        "&cut=%4",
        "&notutf8=%ff"
      })
  void malformedBody_isRefused(String tail) {
    var response = house.post(Listener.PUBLIC, null, encode(form()) + tail);

    assertThat(error(response)).isEqualTo("400 invalid_request");
  }

  @Test
  void oversizedParametersAndBodies_areRefused() {
    assertThat(error(post("junk", "x".repeat(9_000)))).isEqualTo("400 invalid_request");
    assertThat(error(post("n".repeat(65), "x"))).isEqualTo("400 invalid_request");
    var large = "a=" + "x".repeat(TokenRequest.MAX_BODY);
    assertThat(error(house.post(Listener.PUBLIC, null, large))).isEqualTo("400 invalid_request");
  }

  @Test
  void manyParameters_areRefused() {
    var body = new StringBuilder(encode(form()));
    for (int i = 0; i < 40; i++) {
      body.append("&p").append(i).append("=1");
    }

    assertThat(error(house.post(Listener.PUBLIC, null, body.toString())))
        .isEqualTo("400 invalid_request");
  }

  @Test
  void contentType_mustBeAForm() {
    var body = encode(form()).getBytes(StandardCharsets.UTF_8);
    var response =
        house
            .issuance
            .tokens()
            .handle(new TokenRequest(Listener.PUBLIC, "application/json", null, body));

    assertThat(error(response)).isEqualTo("400 invalid_request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"authorization_code", "password", "refresh_token", "CLIENT_CREDENTIALS"})
  void otherGrants_areUnsupported(String grant) {
    assertThat(error(house.post(Listener.PUBLIC, Map.of("grant_type", grant))))
        .isEqualTo("400 unsupported_grant_type");
    assertThat(error(house.post(Listener.INTERNAL, Map.of("grant_type", grant))))
        .isEqualTo("400 unsupported_grant_type");
  }

  @Test
  void missingGrant_isAnInvalidRequest() {
    assertThat(error(house.post(Listener.PUBLIC, Map.of()))).isEqualTo("400 invalid_request");
  }

  @Test
  void eachGrant_hasItsListener() {
    assertThat(error(house.post(Listener.INTERNAL, form()))).isEqualTo("400 unauthorized_client");
    var exchange = Map.of("grant_type", TokenTypes.EXCHANGE_GRANT);
    assertThat(error(house.post(Listener.PUBLIC, exchange))).isEqualTo("400 unauthorized_client");
  }

  @Test
  void scope_isAllOfTheClientsUnlessAsked() {
    assertThat(json(post()).string("scope")).isEqualTo("orders.read profile");
  }

  @ParameterizedTest
  @ValueSource(strings = {"admin", "profile admin", "profile  orders.read", " profile"})
  void scopeNotGranted_isRefused(String scope) {
    assertThat(error(post("scope", scope))).isEqualTo("400 invalid_scope");
  }

  @Test
  void audienceNotGranted_isRefused() {
    assertThat(error(post("audience", "https://bank.example"))).isEqualTo("400 invalid_target");
    assertThat(error(post("audience", Internal.AUDIENCE))).isEqualTo("400 invalid_target");
  }

  @Test
  void rightNotGranted_isRefused() {
    var other = house.secretClient("asker", Set.of(ClientRight.LEDGER));

    var response = post("client_id", "asker", "client_secret", other);

    assertThat(error(response)).isEqualTo("400 unauthorized_client");
  }

  @Test
  void disabledClient_isRefusedAtOnce() {
    house.issuance.clients().disable("shop", "test");

    assertThat(error(post())).isEqualTo("401 invalid_client");
  }

  @Test
  void clientWhoseRowIsGone_isRefusedAndAlarms() {
    DATABASE.ownerClient().sql("delete from issuance.client where id = 'shop'").update();
    house.issuance.clients().refresh();

    assertThat(error(post())).isEqualTo("401 invalid_client");
    assertThat(house.issuance.alarms())
        .filteredOn(alarm -> alarm.code().equals("row_not_ours"))
        .singleElement()
        .satisfies(alarm -> assertThat(alarm.what()).contains("client shop").contains("deleted"));
  }

  @Test
  void singleUse_isInTheEntry() {
    var how = new ClientAuthentication.ClientSecret();
    var made =
        (ClientChange.Changed)
            house.create("once", how, Set.of(ClientRight.CLIENT_CREDENTIALS), true);
    var read = read(house.token("once", made.secret().reveal()));
    var serial = read.token().claims().serial();

    var ledger = house.ledger.get();
    assertThat(ledger.redeem(serial, read.jws().digest(), false)).isEqualTo(Finding.ISSUED);
    assertThat(ledger.redeem(serial, read.jws().digest(), false)).isEqualTo(Finding.REDEEMED);
  }

  @Test
  void keyReplacedWhileSigning_isTriedOnceMore() {
    house.keys.signingFailure =
        new KeysException(KeysException.Code.NOT_ACTIVE, "expected an active key");
    assertThat(error(post())).isEqualTo("503 temporarily_unavailable");
    house.keys.signingFailure = null;
    assertThat(post().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(
      value = KeysException.Code.class,
      names = {"NO_ACTIVE_KEY", "KEY_STATES_STALE"})
  void signingFailure_voidsTheSlotAndTellsToTryAgain(KeysException.Code code) {
    var before = read(house.token("shop", secret)).token().claims().serial();
    house.keys.signingFailure = new KeysException(code, "expected an active key");

    assertThat(error(post())).isEqualTo("503 temporarily_unavailable");

    house.keys.signingFailure = null;
    var after = read(house.token("shop", secret)).token().claims().serial();
    assertThat(after.slot()).isEqualTo(before.slot() + 2);
    var status = house.ledger.get().status();
    assertThat(status.alarms()).isEmpty();
    assertThat(house.ledger.get().show(after).orElseThrow().state())
        .isEqualTo(EntryView.State.ENTERED);
  }

  @Test
  void endedLease_stopsIssuing() {
    house.lease.close();

    assertThat(error(post())).isEqualTo("503 temporarily_unavailable");
  }

  @Test
  void closedLedger_stopsIssuing() {
    house.ledger.get().close();

    assertThat(error(post())).isEqualTo("503 temporarily_unavailable");
  }

  @Test
  void issuing_needsNoDatabase() {
    try (var own = TestDatabase.migrated("issuance", IssuanceSchema::migrate);
        var other = new IssuanceFixture(own, folder.resolve("other"))) {
      var itsSecret = other.secretClient("shop", Set.of(ClientRight.CLIENT_CREDENTIALS));
      own.close();

      assertThat(other.token("shop", itsSecret)).isNotEmpty();
    }
  }

  @Test
  void whatIsPrinted_holdsNoSecret() {
    var response = (TokenResponse.Granted) post();

    assertThat(response.toString()).doesNotContain(response.issued().token());
    assertThat(new TokenRequest(Listener.PUBLIC, "x", secret, new byte[0]).toString())
        .doesNotContain(secret);
  }
}
