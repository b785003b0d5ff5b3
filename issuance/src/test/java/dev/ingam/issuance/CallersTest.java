package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.CertificateName;
import dev.ingam.issuance.client.ClientAuthentication;
import dev.ingam.issuance.client.ClientAuthentication.SelfSignedTls;
import dev.ingam.issuance.client.ClientAuthentication.TlsClientAuth;
import dev.ingam.issuance.client.ClientChange;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.client.ClientSettings;
import dev.ingam.issuance.client.PresentedCertificate;
import dev.ingam.testkit.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who a certificate is, at the internal doors, at the gate and at the token endpoint.
class CallersTest {
  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  private static final String THUMBPRINT = "A".repeat(43);
  private static final String OTHER_THUMBPRINT = "B".repeat(42) + "A";

  private IssuanceFixture house;
  @TempDir private Path folder;

  @BeforeEach
  void open() {
    house = new IssuanceFixture(DATABASE, folder);
  }

  @AfterEach
  void close() {
    house.close();
  }

  private static TlsClientAuth dns(String name) {
    return new TlsClientAuth(new CertificateName(CertificateName.Kind.DNS, name));
  }

  private static TlsClientAuth uri(String name) {
    return new TlsClientAuth(new CertificateName(CertificateName.Kind.URI, name));
  }

  private void client(String id, ClientAuthentication how, ClientRight... rights) {
    assertThat(house.create(id, how, Set.of(rights), false))
        .isInstanceOf(ClientChange.Changed.class);
  }

  /// A certificate under the client CA with these DNS names.
  private static PresentedCertificate underCa(String... names) {
    return certificate(true, names);
  }

  private static PresentedCertificate certificate(boolean trusted, String... names) {
    return new PresentedCertificate(
        trusted,
        OTHER_THUMBPRINT,
        Stream.of(names)
            .map(name -> new CertificateName(CertificateName.Kind.DNS, name))
            .collect(Collectors.toSet()));
  }

  private static PresentedCertificate selfSigned(String thumbprint) {
    return new PresentedCertificate(false, thumbprint, Set.of());
  }

  private CallerReading ask(PresentedCertificate certificate) {
    return house.issuance.callers().check(null, certificate, Internal.LEDGER_SCOPE);
  }

  private String callerToken(String id, ClientRight... rights) {
    var secret = house.secretClient(id, Set.of(rights));
    var form =
        Map.of(
            "grant_type",
            "client_credentials",
            "client_id",
            id,
            "client_secret",
            secret,
            "audience",
            Internal.AUDIENCE);
    var token = IssuanceFixture.json(house.post(Listener.PUBLIC, form)).string("access_token");
    assertThat(token).isNotNull();
    return "Bearer " + token;
  }

  @Test
  void nameUnderTheCa_isTheClientWithItsRights() {
    client("api", dns("api.example"), ClientRight.LEDGER);

    assertThat(ask(underCa("api.example", "other.example")))
        .isEqualTo(new CallerReading.Known(new Caller("api", Set.of(Internal.LEDGER_SCOPE))));
    assertThat(ask(underCa("API.example"))).isInstanceOf(CallerReading.Known.class);
    assertThat(ask(underCa("apiXexample"))).isInstanceOf(CallerReading.UnknownCertificate.class);
  }

  @Test
  void nameOfAnyOtherCertificate_isNobody() {
    client("api", dns("api.example"), ClientRight.LEDGER);

    assertThat(ask(certificate(false, "api.example")))
        .isInstanceOf(CallerReading.UnknownCertificate.class);
  }

  @Test
  void uri_isNoDnsName() {
    client("api", uri("spiffe://example/api"), ClientRight.LEDGER);
    var uriName = new CertificateName(CertificateName.Kind.URI, "spiffe://example/api");

    assertThat(ask(new PresentedCertificate(true, THUMBPRINT, Set.of(uriName))))
        .isInstanceOf(CallerReading.Known.class);
    assertThat(ask(underCa("spiffe://example/api")))
        .isInstanceOf(CallerReading.UnknownCertificate.class);
  }

  @Test
  void thumbprint_isTheClient_whoeverIssuedIt() {
    client("api", new SelfSignedTls(Set.of(THUMBPRINT)), ClientRight.LEDGER);

    assertThat(ask(selfSigned(THUMBPRINT))).isInstanceOf(CallerReading.Known.class);
    assertThat(ask(selfSigned(OTHER_THUMBPRINT)))
        .isInstanceOf(CallerReading.UnknownCertificate.class);
  }

  @Test
  void rightRemovedOrClientDisabled_isRefusedAtOnce() {
    client("api", dns("api.example"), ClientRight.LEDGER);
    assertThat(ask(underCa("api.example"))).isInstanceOf(CallerReading.Known.class);

    house.issuance.clients().update(settings("api", ClientRight.LOGIN_EVENTS), "test");
    assertThat(((CallerReading.Refused) ask(underCa("api.example"))).status()).isEqualTo(403);

    house.issuance.clients().update(settings("api", ClientRight.LEDGER), "test");
    house.issuance.clients().disable("api", "test");
    assertThat(ask(underCa("api.example"))).isInstanceOf(CallerReading.UnknownCertificate.class);
  }

  private static ClientSettings settings(String id, ClientRight right) {
    return new ClientSettings(
        id,
        dns("api.example"),
        Set.of(right),
        Set.of(),
        Set.of(),
        ClientSettings.DEFAULT_LIFETIME,
        false);
  }

  @Test
  void certificateOfTwoClients_isNobody() {
    client("api", dns("api.example"), ClientRight.LEDGER);
    client("shop", dns("shop.example"), ClientRight.LEDGER);

    assertThat(ask(underCa("api.example", "shop.example")))
        .isInstanceOf(CallerReading.UnknownCertificate.class);
  }

  @Test
  void certificateBesideAToken_mustBeOfOneClient() {
    client("api", dns("api.example"), ClientRight.LEDGER);
    var token = callerToken("other", ClientRight.LEDGER);
    var callers = house.issuance.callers();
    assertThat(callers.check(token, null, Internal.LEDGER_SCOPE))
        .isInstanceOf(CallerReading.Known.class);

    assertThat(callers.check(token, underCa("api.example"), Internal.LEDGER_SCOPE))
        .isInstanceOf(CallerReading.UnknownCertificate.class);
    assertThat(callers.check(token, underCa("nobody.example"), Internal.LEDGER_SCOPE))
        .isInstanceOf(CallerReading.UnknownCertificate.class);
  }

  @Test
  void tokenGotWithACertificate_passesWithItAndWithout_andJunkBesideItDoesNot() {
    client("api", dns("api.example"), ClientRight.LEDGER);
    var form =
        Map.of(
            "grant_type", "client_credentials", "client_id", "api", "audience", Internal.AUDIENCE);
    var answer = post(Listener.PUBLIC, form, null, underCa("api.example"));
    var token = "Bearer " + IssuanceFixture.json(answer).string("access_token");
    var callers = house.issuance.callers();

    assertThat(callers.check(token, underCa("api.example"), Internal.LEDGER_SCOPE))
        .isInstanceOf(CallerReading.Known.class);
    assertThat(callers.check(token, null, Internal.LEDGER_SCOPE))
        .isInstanceOf(CallerReading.Known.class);
    assertThat(callers.check("Bearer junk", underCa("api.example"), Internal.LEDGER_SCOPE))
        .isInstanceOf(CallerReading.Refused.class);
  }

  @Test
  void gate_takesTheRightGateAndNothingElse() {
    client("proxy", dns("proxy.example"), ClientRight.GATE);
    client("api", dns("api.example"), ClientRight.LEDGER);
    var callers = house.issuance.callers();

    assertThat(callers.checkGate(underCa("proxy.example")))
        .isEqualTo(new CallerReading.Known(new Caller("proxy", Set.of())));
    assertThat(((CallerReading.Refused) callers.checkGate(underCa("api.example"))).status())
        .isEqualTo(403);
    assertThat(((CallerReading.Refused) callers.checkGate(null)).status()).isEqualTo(401);
    assertThat(callers.checkGate(underCa("nobody.example")))
        .isInstanceOf(CallerReading.UnknownCertificate.class);
    assertThat(((CallerReading.Refused) ask(underCa("proxy.example"))).status()).isEqualTo(403);
  }

  @Test
  void rightGate_withoutACertificate_isRefused() {
    var change =
        house.create(
            "proxy", new ClientAuthentication.ClientSecret(), Set.of(ClientRight.GATE), false);

    assertThat(((ClientChange.Invalid) change).problems())
        .singleElement()
        .asString()
        .contains("gate");
  }

  @Test
  void registration_thatAnotherClientHas_isRefused() {
    client("api", new SelfSignedTls(Set.of(THUMBPRINT, OTHER_THUMBPRINT)), ClientRight.LEDGER);
    client("shop", dns("shop.example"), ClientRight.LEDGER);

    for (var taken : Set.of(new SelfSignedTls(Set.of(THUMBPRINT)), dns("SHOP.example"))) {
      var change = house.create("twin", taken, Set.of(ClientRight.LEDGER), false);
      assertThat(((ClientChange.Invalid) change).problems())
          .singleElement()
          .asString()
          .contains("no other client has");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*.example", "a b", "-a.example", "a..b", "dns:a", "a."})
  void dnsNameThatIsNone_isRefused(String name) {
    assertThat(house.create("api", dns(name), Set.of(ClientRight.LEDGER), false))
        .isInstanceOf(ClientChange.Invalid.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no-scheme", "spiffe://a b", "x:\"", "x:"})
  void uriThatIsNone_isRefused(String name) {
    assertThat(house.create("api", uri(name), Set.of(ClientRight.LEDGER), false))
        .isInstanceOf(ClientChange.Invalid.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB", "A A"})
  void thumbprintThatIsNone_isRefused(String text) {
    assertThat(
            house.create("api", new SelfSignedTls(Set.of(text)), Set.of(ClientRight.LEDGER), false))
        .isInstanceOf(ClientChange.Invalid.class);
  }

  @Test
  void certificateChangedInTheDatabase_isNobodyAndAlarms() {
    client("api", dns("api.example"), ClientRight.LEDGER);
    for (var change : Set.of("certificate = 'dns:thief.example'", "certificate = null")) {
      DATABASE.ownerClient().sql("update issuance.client set " + change).update();
      house.issuance.clients().refresh();

      assertThat(ask(underCa("thief.example")))
          .isInstanceOf(CallerReading.UnknownCertificate.class);
      assertThat(ask(underCa("api.example"))).isInstanceOf(CallerReading.UnknownCertificate.class);
      assertThat(house.issuance.clients().broken()).containsOnlyKeys("api");
    }
  }

  @Test
  void certificateAddedToAClientWithASecret_isNobodyAndAlarms() {
    house.secretClient("api", Set.of(ClientRight.LEDGER));
    DATABASE
        .ownerClient()
        .sql("update issuance.client set certificate = 'dns:thief.example', secret_hash = null")
        .update();
    house.issuance.clients().refresh();

    assertThat(ask(underCa("thief.example"))).isInstanceOf(CallerReading.UnknownCertificate.class);
    assertThat(house.issuance.clients().broken()).containsOnlyKeys("api");
  }

  private TokenResponse post(
      Listener listener,
      Map<String, String> form,
      String authorization,
      PresentedCertificate certificate) {
    var body = IssuanceFixture.encode(form).getBytes(StandardCharsets.UTF_8);
    return house
        .issuance
        .tokens()
        .handle(new TokenRequest(listener, IssuanceFixture.FORM, authorization, body, certificate));
  }

  private Map<String, String> exchange(String clientId) {
    var form = new HashMap<>(house.exchange("web", house.subjectToken("kim", house.login("kim"))));
    form.remove("client_assertion");
    form.remove("client_assertion_type");
    form.put("client_id", clientId);
    return form;
  }

  @Test
  void exchange_byTheCertificateOfItsOwnClientAlone() {
    client("web", dns("web.example"), ClientRight.TOKEN_EXCHANGE);
    client("login-system", dns("login.example"), ClientRight.LOGIN_EVENTS);

    assertThat(post(Listener.INTERNAL, exchange("web"), null, underCa("web.example")).status())
        .isEqualTo(200);
    for (var certificate :
        Set.of(
            underCa("login.example"),
            underCa("nobody.example"),
            certificate(false, "web.example"))) {
      assertThat(IssuanceFixture.error(post(Listener.INTERNAL, exchange("web"), null, certificate)))
          .isEqualTo("401 invalid_client");
    }
    assertThat(
            IssuanceFixture.error(
                post(Listener.INTERNAL, exchange("login-system"), null, underCa("login.example"))))
        .isEqualTo("400 unauthorized_client");
  }

  @Test
  void sessionOpenedByTheSameCertificate_bearsNothing() {
    client("web", dns("web.example"), ClientRight.TOKEN_EXCHANGE);
    var caller = new Caller("web", Set.of(Internal.LOGIN_EVENTS_SCOPE));
    var event =
        "{\"subject\":\"kim\",\"time\":\"%s\",\"method\":\"password\",\"source\":\"203.0.113.7\"}"
            .formatted(house.clock.instant());
    var opened = house.issuance.logins().login(caller, event.getBytes(StandardCharsets.UTF_8));
    var session = dev.ingam.wire.JsonObject.read(opened.json()).string("session");
    var form = new HashMap<>(exchange("web"));
    form.put("subject_token", house.subjectToken("kim", session));

    assertThat(IssuanceFixture.error(post(Listener.INTERNAL, form, null, underCa("web.example"))))
        .isEqualTo("400 invalid_grant");
  }

  @Test
  void certificateBesideAnotherWay_isTwoWays() {
    client("api", dns("api.example"), ClientRight.CLIENT_CREDENTIALS);
    var secret = house.secretClient("shop", Set.of(ClientRight.CLIENT_CREDENTIALS));
    var form =
        Map.of("grant_type", "client_credentials", "client_id", "shop", "client_secret", secret);
    assertThat(post(Listener.PUBLIC, form, null, null).status()).isEqualTo(200);

    assertThat(IssuanceFixture.error(post(Listener.PUBLIC, form, null, underCa("api.example"))))
        .isEqualTo("400 invalid_request");
    var own = Map.of("grant_type", "client_credentials", "client_id", "api");
    assertThat(
            IssuanceFixture.error(post(Listener.PUBLIC, own, "Basic YTpi", underCa("api.example"))))
        .isEqualTo("400 invalid_request");
    assertThat(post(Listener.PUBLIC, own, null, underCa("api.example")).status()).isEqualTo(200);
  }

  @Test
  void certificateWithoutClientId_orClientWithoutIt_isNobody() {
    client("api", dns("api.example"), ClientRight.CLIENT_CREDENTIALS);
    var none = Map.of("grant_type", "client_credentials");
    var named = Map.of("grant_type", "client_credentials", "client_id", "api");

    assertThat(IssuanceFixture.error(post(Listener.PUBLIC, none, null, underCa("api.example"))))
        .isEqualTo("401 invalid_client");
    assertThat(IssuanceFixture.error(post(Listener.PUBLIC, named, null, null)))
        .isEqualTo("401 invalid_client");
  }
}
