package dev.ingam.issuance;

import static dev.ingam.issuance.IssuanceFixture.error;
import static dev.ingam.issuance.IssuanceFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.CertificateName;
import dev.ingam.issuance.client.ClientAuthentication;
import dev.ingam.issuance.client.ClientChange;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.client.PresentedCertificate;
import dev.ingam.issuance.client.SenderConstraint;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.Confirmation;
import dev.ingam.wire.TokenReader;
import dev.ingam.wire.TokenReading;
import dev.ingam.wire.VerificationKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tokens that are bound to who asks for them (RFC 9449 section 5, RFC 8705 section 3).
class BoundTokensTest {
  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  private static final String ENDPOINT = IssuanceFixture.ISSUER + "/oauth2/token";
  private static final String THUMBPRINT = Base64Url.encode(new byte[32]);

  private final KeyPair key = IssuanceFixture.keyPair();
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

  @Test
  void withProof_theTokenIsBoundToItsKey() {
    var response = post(proof(nonce(), ENDPOINT));

    assertThat(response.status()).isEqualTo(200);
    assertThat(json(response).string("token_type")).isEqualTo("DPoP");
    assertThat(confirmation(response))
        .isEqualTo(
            new Confirmation(
                Confirmation.Method.DPOP, VerificationKey.thumbprint(key.getPublic())));
  }

  @Test
  void withoutProof_itIsBoundToNobody() {
    var response = house.post(Listener.PUBLIC, form());

    assertThat(json(response).string("token_type")).isEqualTo("Bearer");
    assertThat(confirmation(response)).isNull();
  }

  @Test
  void withoutNonce_oneIsAskedFor() {
    assertThat(error(post(proof(null, ENDPOINT)))).isEqualTo("400 use_dpop_nonce");
    assertThat(error(post(proof("x", ENDPOINT)))).isEqualTo("400 use_dpop_nonce");
    var old = nonce();
    house.clock.advance(Duration.ofMinutes(3));
    assertThat(error(post(proof(old, ENDPOINT)))).isEqualTo("400 use_dpop_nonce");
  }

  @Test
  void proof_isGoodOnce() {
    var proof = proof(nonce(), ENDPOINT);
    assertThat(post(proof).status()).isEqualTo(200);
    var again = post(proof);
    assertThat(error(again)).isEqualTo("400 invalid_dpop_proof");
    assertThat(json(again).string("error_description")).contains("expected a new jti");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "a.b.c"})
  void proofThatIsNone_isRefused(String proof) {
    assertThat(error(post(proof))).isEqualTo("400 invalid_dpop_proof");
  }

  @Test
  void proofForAnotherPlace_isRefused() {
    assertThat(error(post(proof(nonce(), "https://other.example/oauth2/token"))))
        .isEqualTo("400 invalid_dpop_proof");
  }

  /// A proof is looked at for who proved who he is, and uses up no room of others.
  @Test
  void wrongSecret_isToldFirst() {
    var form = new HashMap<>(form());
    form.put("client_secret", "ingam_wrong");
    assertThat(error(house.prove(Listener.PUBLIC, form, "x"))).isEqualTo("401 invalid_client");
  }

  @Test
  void policyDpop_givesNoTokenWithoutProof() {
    var change =
        (ClientChange.Changed)
            house.create(
                "strict",
                new ClientAuthentication.ClientSecret(),
                Set.of(ClientRight.CLIENT_CREDENTIALS),
                false,
                SenderConstraint.DPOP);
    var form = new HashMap<>(form());
    form.put("client_id", "strict");
    form.put("client_secret", change.secret().reveal());

    assertThat(error(house.post(Listener.PUBLIC, form))).isEqualTo("400 invalid_dpop_proof");
    assertThat(house.prove(Listener.PUBLIC, form, proof(nonce(), ENDPOINT)).status())
        .isEqualTo(200);
  }

  /// It would get no caller token, and find that out at the next request.
  @Test
  void policyDpop_isOfClientsThatNeedNoCallerToken() {
    var change =
        house.create(
            "odd",
            new ClientAuthentication.ClientSecret(),
            Set.of(ClientRight.LEDGER),
            false,
            SenderConstraint.DPOP);
    assertThat(change.toString()).contains("caller tokens are bound to nobody");
  }

  @Test
  void policyCertificate_bindsToTheOneShown() {
    certificateClient();
    var response = byCertificate(null);

    assertThat(json(response).string("token_type")).isEqualTo("Bearer");
    assertThat(confirmation(response))
        .isEqualTo(new Confirmation(Confirmation.Method.CERTIFICATE, THUMBPRINT));
    assertThat(error(byCertificate(proof(nonce(), ENDPOINT)))).isEqualTo("400 invalid_request");
  }

  @Test
  void policyCertificate_isOfClientsWithOne() {
    var change =
        house.create(
            "odd",
            new ClientAuthentication.ClientSecret(),
            Set.of(ClientRight.CLIENT_CREDENTIALS),
            false,
            SenderConstraint.CERTIFICATE);
    assertThat(change).isInstanceOf(ClientChange.Invalid.class);
    assertThat(change.toString()).contains("sender_constraint: certificate needs");
  }

  /// It is for the internal doors, which know certificates.
  @Test
  void callerToken_isBoundToNobody() {
    var form = new HashMap<>(form());
    form.put("audience", Internal.AUDIENCE);
    assertThat(house.post(Listener.PUBLIC, form).status()).isEqualTo(200);
    var proven = house.prove(Listener.PUBLIC, form, proof(nonce(), ENDPOINT));
    assertThat(json(proven).string("token_type")).isEqualTo("Bearer");
    assertThat(confirmation(proven)).isNull();
  }

  /// The backend that exchanges shows its key, and alone can use the person's token.
  @Test
  void exchange_bindsToo() {
    house.keyClient("web", ClientRight.TOKEN_EXCHANGE);
    var session = house.login("u-1");
    var form = house.exchange("web", house.subjectToken("u-1", session));

    var response = house.prove(Listener.INTERNAL, form, proof(nonce(), ENDPOINT));

    assertThat(json(response).string("token_type")).isEqualTo("DPoP");
    assertThat(confirmation(response)).isNotNull();
  }

  /// A refused proof costs the session none of its tokens: it is looked at before.
  @Test
  void exchange_withABadProof_givesNothing() {
    house.keyClient("web", ClientRight.TOKEN_EXCHANGE);
    var session = house.login("u-1");
    var form = house.exchange("web", house.subjectToken("u-1", session));
    assertThat(error(house.prove(Listener.INTERNAL, form, "x")))
        .isEqualTo("400 invalid_dpop_proof");
  }

  /// Rows from before there were sender constraints keep their MAC; a constraint that somebody else
  /// takes out of the database breaks the row.
  @Test
  void constraint_isUnderTheMac() {
    certificateClient();
    DATABASE
        .ownerClient()
        .sql("update issuance.client set sender_constraint = null where id = 'device'")
        .update();
    house.issuance.clients().refresh();
    assertThat(error(byCertificate(null))).isEqualTo("401 invalid_client");
    assertThat(house.post(Listener.PUBLIC, form()).status()).isEqualTo(200);
  }

  @Test
  void metadata_tellsOfIt() {
    var metadata = new String(house.issuance.metadata().json(), StandardCharsets.UTF_8);
    assertThat(metadata)
        .contains("\"dpop_signing_alg_values_supported\":[\"ES256\"")
        .doesNotContain("certificate_bound");
    assertThat(new String(new Metadata("https://id.example", true).json(), StandardCharsets.UTF_8))
        .contains("\"tls_client_certificate_bound_access_tokens\":true");
  }

  private void certificateClient() {
    house.create(
        "device",
        new ClientAuthentication.TlsClientAuth(
            new CertificateName(CertificateName.Kind.DNS, "device.example")),
        Set.of(ClientRight.CLIENT_CREDENTIALS),
        false,
        SenderConstraint.CERTIFICATE);
  }

  private TokenResponse byCertificate(@Nullable String proof) {
    var name = new CertificateName(CertificateName.Kind.DNS, "device.example");
    var body =
        IssuanceFixture.encode(Map.of("grant_type", "client_credentials", "client_id", "device"));
    return house
        .issuance
        .tokens()
        .handle(
            new TokenRequest(
                Listener.PUBLIC,
                IssuanceFixture.FORM,
                null,
                body.getBytes(StandardCharsets.UTF_8),
                new PresentedCertificate(true, THUMBPRINT, Set.of(name)),
                proof));
  }

  private Map<String, String> form() {
    return Map.of(
        "grant_type",
        "client_credentials",
        "client_id",
        "shop",
        "client_secret",
        secret,
        "audience",
        "https://shop.example");
  }

  private TokenResponse post(String proof) {
    return house.prove(Listener.PUBLIC, form(), proof);
  }

  private String nonce() {
    return house.issuance.dpop().nonce();
  }

  private String proof(@Nullable String nonce, String uri) {
    var encoded = key.getPublic().getEncoded();
    var x = Base64Url.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    return IssuanceFixture.jwt(
        key,
        "{\"typ\":\"dpop+jwt\",\"alg\":\"EdDSA\",\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"}}"
            .formatted(x),
        "{\"jti\":\"%s\",\"htm\":\"POST\",\"htu\":\"%s\",\"iat\":%d%s}"
            .formatted(
                UUID.randomUUID(),
                uri,
                house.clock.instant().getEpochSecond(),
                nonce == null ? "" : ",\"nonce\":\"" + nonce + "\""));
  }

  private static @Nullable Confirmation confirmation(TokenResponse response) {
    var token = json(response).string("access_token");
    var reading = (TokenReading.Read) new TokenReader().read(token);
    return reading.token().claims().confirmation();
  }
}
