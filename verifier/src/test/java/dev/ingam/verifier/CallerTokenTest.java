package dev.ingam.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.ingam.verifier.FakeServer.Reply;
import dev.ingam.wire.Algorithm;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerTokenTest {
  private static final long NOW = 1_764_000_000;

  private final MovableClock clock = new MovableClock(NOW);
  private final AtomicInteger issued = new AtomicInteger();
  private final FakeServer server = new FakeServer((request, exchange) -> token());
  private final CallerToken token = caller(ClientCredential.secret("shop-api", "s3cr%t+:"));

  private Reply token() {
    return text(
        "{\"access_token\":\"t"
            + issued.incrementAndGet()
            + "\",\"token_type\":\"Bearer\",\"expires_in\":300}");
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void current_fetchesOnceAndRenewsInTheLastFifth() {
    assertThat(token.current()).isEqualTo("t1");
    clock.move(Duration.ofSeconds(239));
    assertThat(token.current()).isEqualTo("t1");
    clock.move(Duration.ofSeconds(2));
    assertThat(token.current()).isEqualTo("t2");
    assertThat(server.requests).hasSize(2);
  }

  @Test
  void current_form() {
    token.current();
    var request = server.requests.get(0);
    assertThat(form(request))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "grant_type", "client_credentials",
                "audience", "urn:ingam:internal",
                "scope", "ingam:ledger"));
    var basic = Base64.getEncoder().encodeToString("shop-api:s3cr%25t%2B%3A".getBytes(UTF_8));
    assertThat(request.authorization()).isEqualTo("Basic " + basic);
  }

  @Test
  void current_renewalFails_oldOneServesUntilItExpires() {
    assertThat(token.current()).isEqualTo("t1");
    server.now((request, exchange) -> Reply.of(503, new byte[0]));
    clock.move(Duration.ofSeconds(250));
    assertThat(token.current()).isEqualTo("t1");
    assertThat(token.current()).isEqualTo("t1");
    assertThat(server.requests).as("not tried again at once").hasSize(2);
    clock.move(Duration.ofSeconds(51));
    assertThat(token.current()).isNull();
    server.now((request, exchange) -> token());
    clock.move(Duration.ofSeconds(2));
    assertThat(token.current()).isEqualTo("t2");
  }

  @Test
  void refused_isFetchedAnewButNotInALoop() {
    assertThat(token.current()).isEqualTo("t1");
    clock.move(Duration.ofSeconds(10));
    token.refused("another");
    assertThat(token.current()).isEqualTo("t1");
    token.refused("t1");
    assertThat(token.current()).isEqualTo("t2");
    token.refused("t2");
    assertThat(token.current()).as("a second old at most").isEqualTo("t2");
    assertThat(server.requests).hasSize(2);
  }

  @Test
  void current_fromManyThreads_fetchesOnce() throws Exception {
    var work = new ArrayList<Callable<String>>();
    for (var i = 0; i < 100; i++) {
      work.add(token::current);
    }
    var threads = Executors.newFixedThreadPool(16);
    try {
      for (var each : threads.invokeAll(work)) {
        assertThat(each.get()).isEqualTo("t1");
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(server.requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"access_token\":\"t\",\"token_type\":\"Bearer\"}",
        "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"expires_in\":0}",
        "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"expires_in\":\"300\"}",
        "{\"access_token\":\"t\",\"token_type\":\"DPoP\",\"expires_in\":300}",
        "{\"access_token\":\"t\",\"expires_in\":300}",
        "{\"access_token\":\"\",\"token_type\":\"Bearer\",\"expires_in\":300}",
        "{\"access_token\":\"a\\r\\nX: b\",\"token_type\":\"Bearer\",\"expires_in\":300}",
        "{\"access_token\":7,\"token_type\":\"Bearer\",\"expires_in\":300}",
        "{\"access_token\":\"t\",\"access_token\":\"u\",\"token_type\":\"Bearer\",\"expires_in\":300}"
      })
  void current_badAnswer(String body) {
    server.now((request, exchange) -> text(body));
    assertThat(token.current()).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 401, 500})
  void current_badStatus(int status) {
    server.now((request, exchange) ->
        Reply.of(
            status,
            "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"expires_in\":300}"
                .getBytes(UTF_8)));
    assertThat(token.current()).isNull();
  }

  @Test
  void current_noServer() {
    server.close();
    assertThat(token.current()).isNull();
  }

  @Test
  void privateKey_assertionIsReadByAnother() throws Exception {
    var pair = TestIssuer.makePair();
    var credential = assertion(Algorithm.ES256, pair.getPrivate());
    assertThat(caller(credential).current()).isEqualTo("t1");
    var form = form(server.requests.get(0));
    assertThat(form)
        .containsEntry(
            "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    var jwt = SignedJWT.parse(form.get("client_assertion"));
    assertThat(jwt.verify(new ECDSAVerifier((ECPublicKey) pair.getPublic()))).isTrue();
    assertThat(jwt.getHeader().getKeyID()).isEqualTo("key-1");
    var claims = jwt.getJWTClaimsSet();
    assertThat(claims.getIssuer()).isEqualTo("shop-api");
    assertThat(claims.getSubject()).isEqualTo("shop-api");
    assertThat(claims.getAudience()).containsExactly("https://id.example");
    assertThat(claims.getExpirationTime().getTime()).isEqualTo((NOW + 60) * 1000);
    assertThat(server.requests.get(0).authorization()).isNull();
  }

  @Test
  void privateKey_eachAssertionIsNew() {
    var credential = assertion(Algorithm.ES256, TestIssuer.makePair().getPrivate());
    assertThat(credential.proof(clock.instant()).form().get("client_assertion"))
        .isNotEqualTo(credential.proof(clock.instant()).form().get("client_assertion"));
  }

  @Test
  void privateKey_thatSignsNothingOfTheKind() throws Exception {
    var ed = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate();
    assertThat(assertion(Algorithm.ED25519, ed).proof(clock.instant()).form()).hasSize(2);
    assertThatThrownBy(() -> assertion(Algorithm.ES256, ed))
        .isInstanceOf(VerifierException.class)
        .hasMessageContaining("ES256");
    assertThatThrownBy(() -> assertion(Algorithm.RS256, ed))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void secrets_areNotPrinted() {
    var pair = TestIssuer.makePair();
    var key = new ClientCredential.SigningKey("key-1", Algorithm.ES256, pair.getPrivate());
    assertThat(key.toString()).contains("redacted");
    assertThat(ClientCredential.secret("a", "very-secret").proof(clock.instant()).toString())
        .contains("redacted")
        .doesNotContain("very");
  }

  private static ClientCredential assertion(Algorithm algorithm, java.security.PrivateKey key) {
    return ClientCredential.privateKey(
        "shop-api",
        "https://id.example",
        new ClientCredential.SigningKey("key-1", algorithm, key),
        new SecureRandom());
  }

  private CallerToken caller(ClientCredential credential) {
    return new CallerToken(
        server.address("/oauth2/token"),
        credential,
        "ingam:ledger",
        HttpClient.newHttpClient(),
        clock);
  }

  private static Map<String, String> form(FakeServer.Request request) {
    return Arrays.stream(new String(request.body(), UTF_8).split("&"))
        .map(pair -> pair.split("=", 2))
        .collect(
            Collectors.toMap(
                pair -> URLDecoder.decode(pair[0], UTF_8),
                pair -> URLDecoder.decode(pair[1], UTF_8)));
  }

  private static Reply text(String text) {
    return Reply.of(200, text.getBytes(UTF_8));
  }
}
