package dev.ingam.server.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.PresentedCertificate;
import dev.ingam.issuance.route.DataClass;
import dev.ingam.issuance.route.PathPattern;
import dev.ingam.issuance.route.Route;
import dev.ingam.issuance.route.RouteMatch;
import dev.ingam.server.door.Call;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.door.Reply;
import dev.ingam.server.ledger.InProcessState;
import dev.ingam.server.tls.TestCa;
import dev.ingam.testkit.SettableClock;
import dev.ingam.verifier.LedgerClient;
import dev.ingam.verifier.Verifier;
import dev.ingam.wire.AccessToken;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.Confirmation;
import dev.ingam.wire.DpopCheck;
import dev.ingam.wire.DpopNonces;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.LedgerState;
import dev.ingam.wire.Reason;
import dev.ingam.wire.ReplayMemory;
import dev.ingam.wire.Serial;
import dev.ingam.wire.SignatureCheck;
import dev.ingam.wire.TargetUri;
import dev.ingam.wire.TokenWriter;
import dev.ingam.wire.TrustLevel;
import dev.ingam.wire.VerificationKey;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateDoorTest {
  private static final String ISSUER = "http://127.0.0.1:8420";
  private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");
  private static final KeyPair KEYS = keys();
  private static final LedgerState NOTHING =
      new LedgerState(Base64Url.encode(new byte[32]), List.of());

  private final FakeLedger ledger = new FakeLedger();
  private final SettableClock clock = SettableClock.at(NOW);
  private final DpopNonces nonces = new DpopNonces(new SecureRandom(), clock);
  private final DpopCheck dpop =
      new DpopCheck(
          new SignatureCheck(null), new ReplayMemory(100, new SecureRandom()), nonces, clock);
  private boolean fresh = true;
  private boolean certificates;
  private List<TargetUri> origins = List.of(TargetUri.of("https://shop.example"));
  private TrustLevel trust = TrustLevel.REQUIRED;
  private RouteMatch route = route(DataClass.PERSONAL, Set.of("orders:read"), false, false);
  private Verifier verifier;
  private GateDoor gate;

  /// Answers what a test tells it to, and remembers what it was asked.
  private static final class FakeLedger implements LedgerClient {
    private @Nullable Reason onLookup;
    private @Nullable Reason onRedeem;
    private final List<LedgerItem> redeemed = new ArrayList<>();
    private final List<String> reported = new ArrayList<>();

    @Override
    public LedgerAnswer lookup(LedgerItem item) {
      return new LedgerAnswer(item.requestId(), onLookup);
    }

    @Override
    public LedgerAnswer redeem(LedgerItem item) {
      redeemed.add(item);
      return new LedgerAnswer(item.requestId(), onRedeem);
    }

    @Override
    public void report(String token) {
      reported.add(token);
    }

    @Override
    public void close() {}
  }

  private static KeyPair keys() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void open() {
    var key =
        VerificationKey.ours(
            Algorithm.ED25519, KEYS.getPublic(), KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE);
    verifier =
        Verifier.builder(kid -> kid.equals(key.kid()) ? key : null, ledger, clock)
            .lookupFirst(4)
            .dpop(dpop)
            .ledgerState(new InProcessState(() -> NOTHING, audience -> trust))
            .build();
    gate = gate((method, path) -> route);
  }

  private GateDoor gate(GateDoor.RouteTable routes) {
    return new GateDoor(
        routes, verifier, new GateDoor.Trust(ISSUER, () -> fresh, dpop, origins, certificates));
  }

  private static RouteMatch route(
      DataClass data, Set<String> scopes, boolean singleUse, boolean clients) {
    return new RouteMatch.Found(
        new Route(
            "orders",
            "GET",
            PathPattern.of("/orders/*"),
            "shop",
            scopes,
            data,
            singleUse,
            clients));
  }

  private static String token(String subject, String audience, long expiresIn) {
    return token(subject, audience, expiresIn, null);
  }

  private static String bound(Confirmation.Method how, String thumbprint) {
    return token("alice", "shop", 300, new Confirmation(how, thumbprint));
  }

  private static String token(
      String subject, String audience, long expiresIn, @Nullable Confirmation to) {
    var kid = VerificationKey.thumbprint(KEYS.getPublic());
    var now = NOW.getEpochSecond();
    var claims =
        new AccessToken.Claims(
            ISSUER,
            subject,
            audience,
            "shop-app",
            now - 300,
            now + expiresIn,
            new Serial(1, 2, 3),
            List.of("orders:read", "orders:list"),
            null,
            to);
    var writer = new TokenWriter();
    var input =
        writer.signingInput(
            new AccessToken(new AccessToken.Header(Algorithm.ED25519, kid), claims));
    return writer.complete(input, sign(KEYS, input));
  }

  private static byte[] sign(KeyPair pair, byte[] input) {
    try {
      var signature = Signature.getInstance("Ed25519");
      signature.initSign(pair.getPrivate());
      signature.update(input);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String good() {
    return token("alice", "shop", 300);
  }

  private static Call call(HttpFields.Mutable headers) {
    return new Call(ListenerName.INTERNAL, "GET", "/gate", headers, new byte[0]);
  }

  private Reply askByPath(String method, String target, HttpFields.Mutable more) {
    var headers = more.add("Authorization", "Bearer " + good());
    return gate.answer(new Call(ListenerName.INTERNAL, method, target, headers, new byte[0]));
  }

  private static HttpFields.Mutable headers(@Nullable String token) {
    var headers =
        HttpFields.build().add("X-Forwarded-Method", "GET").add("X-Forwarded-Uri", "/orders/1");
    return token == null ? headers : headers.add("Authorization", "Bearer " + token);
  }

  private static @Nullable String header(Reply reply, String name) {
    return reply.headers().stream()
        .filter(field -> field.is(name))
        .map(HttpField::getValue)
        .findFirst()
        .orElse(null);
  }

  private static String reason(Reply reply) {
    return header(reply, "X-Ingam-Reason");
  }

  private Reply ask(@Nullable String token) {
    return gate.answer(call(headers(token)));
  }

  @Test
  void routeInDoubt_is503AndTheLedgerIsNotAsked() {
    route = new RouteMatch.InDoubt();

    var reply = gate.answer(call(headers(good())));

    assertThat(reply.status()).isEqualTo(503);
    assertThat(ledger.redeemed).isEmpty();
  }

  @Test
  void token_good_isAdmittedWithIdentity() {
    var reply = ask(good());
    assertThat(reply.status()).isEqualTo(200);
    assertThat(header(reply, "X-Ingam-Subject")).isEqualTo("alice");
    assertThat(header(reply, "X-Ingam-Client")).isEqualTo("shop-app");
    assertThat(header(reply, "X-Ingam-Scope")).isEqualTo("orders:read orders:list");
    assertThat(ledger.redeemed).hasSize(1).noneMatch(LedgerItem::singleUse);
  }

  /// Neither proof is ever missing where personal data is served, whatever the audience's policy
  /// says.
  @ParameterizedTest
  @EnumSource(TrustLevel.class)
  void personalData_needsBothProofsOnEveryLevel(TrustLevel level) {
    trust = level;
    ledger.onLookup = Reason.LEDGER_DOUBT;
    var reply = ask(good());
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reason(reply)).isEqualTo("ledger_doubt");
    assertThat(header(reply, "X-Ingam-Subject")).isNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"INTERNAL", "NONE"})
  void otherData_followsItsAudience(DataClass data) {
    route = route(data, Set.of(), false, false);
    ledger.onLookup = Reason.LEDGER_DOUBT;
    trust = TrustLevel.OBSERVE;
    var observed = ask(good());
    assertThat(observed.status()).isEqualTo(200);
    assertThat(header(observed, "X-Ingam-Observed")).isEqualTo("ledger_doubt");
    assertThat(header(observed, "X-Ingam-Subject")).isEqualTo("alice");
    assertThat(ledger.redeemed).isEmpty();
    trust = TrustLevel.OFF;
    assertThat(header(ask(good()), "X-Ingam-Observed")).isEqualTo("off");
    trust = TrustLevel.REQUIRED;
    assertThat(ask(good()).status()).isNotEqualTo(200);
    ledger.onLookup = null;
    assertThat(header(ask(good()), "X-Ingam-Observed")).isNull();
  }

  @Test
  void scope_holdsOnEveryLevel() {
    route = route(DataClass.INTERNAL, Set.of("admin"), false, false);
    for (var level : TrustLevel.values()) {
      trust = level;
      assertThat(ask(good()).status()).isEqualTo(403);
    }
  }

  @Test
  void identityHeaders_ofTheRequest_areNotCopied() {
    var reply = gate.answer(call(headers(good()).add("X-Ingam-Subject", "mallory")));
    assertThat(reply.headers().stream().filter(field -> field.is("X-Ingam-Subject")))
        .extracting(HttpField::getValue)
        .containsExactly("alice");
    var refused = gate.answer(call(headers(null).add("X-Ingam-Subject", "mallory")));
    assertThat(header(refused, "X-Ingam-Subject")).isNull();
  }

  @Test
  void subject_notAscii_isPercentEncoded() {
    assertThat(header(ask(token("김 100%", "shop", 300)), "X-Ingam-Subject"))
        .isEqualTo("%EA%B9%80%20100%25");
  }

  @Test
  void subjectsThatDifferInSpaces_doNotCollide() {
    assertThat(header(ask(token("kim  lee", "shop", 300)), "X-Ingam-Subject"))
        .isEqualTo("kim%20%20lee");
    assertThat(HeaderText.of(" alice ")).isEqualTo("%20alice%20");
    assertThat(HeaderText.of(List.of("a", "b"))).isEqualTo("a b");
  }

  @Test
  void route_ofSingleUse_asksForIt() {
    route = route(DataClass.PERSONAL, Set.of(), true, false);
    assertThat(ask(good()).status()).isEqualTo(200);
    assertThat(ledger.redeemed).singleElement().matches(LedgerItem::singleUse);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Basic YTpi", "Bearer", "Bearer  ", "bearer a b"})
  void authorization_withoutAToken_isRefused(String value) {
    var reply = gate.answer(call(headers(null).add("Authorization", value)));
    assertThat(reply.status()).isEqualTo(401);
    assertThat(header(reply, "WWW-Authenticate")).startsWith("Bearer");
    assertThat(reason(reply)).isEqualTo("malformed");
  }

  @Test
  void token_forAnotherAudience_isRefusedAndReported() {
    var token = token("alice", "other", 300);
    var reply = ask(token);
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reason(reply)).isEqualTo("wrong_audience");
    assertThat(header(reply, "WWW-Authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
    assertThat(ledger.reported).containsExactly(token);
    assertThat(ledger.redeemed).isEmpty();
  }

  @Test
  void token_expired_isRefusedAndReported() {
    var token = token("alice", "shop", -120);
    assertThat(reason(ask(token))).isEqualTo("expired");
    assertThat(ledger.reported).containsExactly(token);
  }

  @Test
  void client_onARouteForPersons_isRefused() {
    assertThat(ask(token("client:job", "shop", 300)).status()).isEqualTo(401);
    route = route(DataClass.PERSONAL, Set.of(), false, true);
    assertThat(ask(token("client:job", "shop", 300)).status()).isEqualTo(200);
  }

  @Test
  void scope_missing_isForbiddenAndUsesNothingUp() {
    route = route(DataClass.PERSONAL, Set.of("orders:write"), true, false);
    var reply = ask(good());
    assertThat(reply.status()).isEqualTo(403);
    assertThat(header(reply, "WWW-Authenticate"))
        .isEqualTo("Bearer error=\"insufficient_scope\", scope=\"orders:write\"");
    assertThat(ledger.redeemed).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PERSONAL,LEDGER_DOUBT,503",
    "PERSONAL,LEDGER_UNAVAILABLE,503",
    "INTERNAL,LEDGER_DOUBT,503",
    "INTERNAL,LEDGER_UNAVAILABLE,503",
    "NONE,LEDGER_DOUBT,401",
    "NONE,LEDGER_UNAVAILABLE,401",
    "PERSONAL,ALREADY_REDEEMED,401",
    "PERSONAL,NOT_ISSUED,401",
    "NONE,ALTERED,401",
  })
  void ledger_refusing_givesStatusByClassAndReason(DataClass data, Reason reason, int status) {
    route = route(data, Set.of(), false, false);
    ledger.onRedeem = reason;
    var reply = ask(good());
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reason(reply)).isEqualTo(reason.code());
    assertThat(reply.headers()).noneMatch(field -> field.is("X-Ingam-Subject"));
  }

  @ParameterizedTest
  @EnumSource(DataClass.class)
  void keyState_notFresh_isDoubtOnPersonalRoutesOnly(DataClass data) {
    fresh = false;
    route = route(data, Set.of(), false, false);
    assertThat(ask(good()).status()).isEqualTo(data == DataClass.PERSONAL ? 503 : 200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/orders/../admin",
        "/orders/%2e%2e/admin",
        "/orders//1",
        "/orders;x=1/1",
        "/orders/%2F1",
        "orders/1",
        "",
        "http://host/orders/1",
        "/orders/\u00e9"
      })
  void path_notCanonical_isRefused(String path) {
    var headers =
        HttpFields.build()
            .add("X-Forwarded-Method", "GET")
            .add("X-Forwarded-Uri", path)
            .add("Authorization", "Bearer " + good());
    assertThat(gate.answer(call(headers)).status()).isEqualTo(400);
  }

  @Test
  void original_namedTwice_isRefused() {
    assertThat(gate.answer(call(headers(good()).add("X-Forwarded-Uri", "/x"))).status())
        .isEqualTo(400);
    assertThat(gate.answer(call(headers(good()).add("X-Original-URI", "/x"))).status())
        .isEqualTo(400);
    assertThat(gate.answer(call(headers(good()).add("X-Original-URI", "/orders/1"))).status())
        .isEqualTo(200);
  }

  @Test
  void original_afterThePrefix_isJudgedWithTheMethodOfTheQuestion() {
    var seen = new ArrayList<String>();
    gate =
        gate((method, path) -> {
          seen.add(method + " " + path);
          return route;
        });
    assertThat(askByPath("POST", "/gate/orders/1?x=/../y", HttpFields.build()).status())
        .isEqualTo(200);
    assertThat(askByPath("GET", "/gate/", HttpFields.build()).status()).isEqualTo(200);
    assertThat(askByPath("GET", "/gate/gate/orders", HttpFields.build()).status()).isEqualTo(200);
    assertThat(seen).containsExactly("POST /orders/1", "GET /", "GET /gate/orders");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"X-Forwarded-Uri", "x-forwarded-method", "X-Original-URI", "X-Original-Method"})
  void original_afterThePrefixAndInAHeader_isRefused(String header) {
    for (var value : List.of("/orders/1", "GET", "")) {
      var reply = askByPath("GET", "/gate/orders/1", HttpFields.build().add(header, value));
      assertThat(reply.status()).isEqualTo(400);
    }
    assertThat(ledger.redeemed).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/gate//orders/1",
        "/gate/../orders/1",
        "/gate/orders/%2e%2e/admin",
        "/gate/orders;x/1",
        "/gate/orders/%2f1",
        "/gate/orders/./1"
      })
  void original_afterThePrefixNotCanonical_isRefused(String target) {
    assertThat(askByPath("GET", target, HttpFields.build()).status()).isEqualTo(400);
  }

  @Test
  void question_withoutAPrefixOrHeaders_isRefused() {
    for (var target : List.of("/gate", "/gate?/orders/1", "/gatex/orders/1")) {
      assertThat(askByPath("GET", target, HttpFields.build()).status()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "GET ", "", "A23456789012345678", "G*T"})
  void method_thatIsNone_isRefused(String method) {
    var headers =
        HttpFields.build()
            .add("X-Original-Method", method)
            .add("X-Original-URI", "/orders/1")
            .add("Authorization", "Bearer " + good());
    assertThat(gate.answer(call(headers)).status()).isEqualTo(400);
  }

  @Test
  void junk_isMalformed() {
    for (var junk : List.of("x", "a.b.c", "..", good() + "x", "é".repeat(3))) {
      var reply = ask(new String(junk.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reason(reply)).isIn("malformed", "bad_signature");
    }
  }

  @Test
  void strictest_holdsWhereNoRouteMatches() {
    route = new RouteMatch.Unmatched();
    var refused = ask(good());
    assertThat(refused.status()).isEqualTo(401);
    assertThat(reason(refused)).isEqualTo("wrong_audience");
    assertThat(header(refused, "WWW-Authenticate"))
        .isEqualTo(
            "Bearer error=\"invalid_token\", error_description=\"no route names this method and"
                + " path\"");
  }

  @Test
  void unmatched_isPersonalData_forThoseWhoseTokensAreForThisServer() {
    route = new RouteMatch.Unmatched();
    assertThat(ask(token("client:job", ISSUER, 300)).status()).isEqualTo(401);
    ledger.onRedeem = Reason.LEDGER_DOUBT;
    assertThat(ask(token("member-1", ISSUER, 300)).status()).isEqualTo(503);
  }

  private static final KeyPair SENDER = keys();

  private static String boundToKey() {
    return bound(Confirmation.Method.DPOP, VerificationKey.thumbprint(SENDER.getPublic()));
  }

  private static String proof(String token, String uri, @Nullable String nonce) {
    var encoded = SENDER.getPublic().getEncoded();
    var x = Base64Url.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    var header =
        "{\"typ\":\"dpop+jwt\",\"alg\":\"Ed25519\",\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"}}"
            .formatted(x);
    var claims =
        "{\"jti\":\"%s\",\"htm\":\"GET\",\"htu\":\"%s\",\"iat\":%d,\"ath\":\"%s\"%s}"
            .formatted(
                UUID.randomUUID(),
                uri,
                NOW.getEpochSecond(),
                hash(token),
                nonce == null ? "" : ",\"nonce\":\"" + nonce + "\"");
    var input =
        Base64Url.encode(header.getBytes(StandardCharsets.UTF_8))
            + "."
            + Base64Url.encode(claims.getBytes(StandardCharsets.UTF_8));
    return input + "." + Base64Url.encode(sign(SENDER, input.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String hash(String token) {
    try {
      return Base64Url.encode(
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private Reply askDpop(String token, String proof) {
    return gate.answer(call(dpopHeaders(token, proof)));
  }

  private static HttpFields.Mutable dpopHeaders(String token, String proof) {
    return headers(null).add("Authorization", "DPoP " + token).add("DPoP", proof);
  }

  private String goodProof(String token) {
    return proof(token, "https://shop.example/orders/1", nonces.current());
  }

  @Test
  void boundToAKey_withItsProof_isAdmitted() {
    var token = boundToKey();
    var reply = askDpop(token, goodProof(token));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(header(reply, "X-Ingam-Subject")).isEqualTo("alice");
    assertThat(header(reply, "DPoP-Nonce")).isEqualTo(nonces.current());
  }

  @Test
  void boundToAKey_asBearer_isRefused() {
    var reply = ask(boundToKey());
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reason(reply)).isEqualTo("sender_mismatch");
    assertThat(header(reply, "WWW-Authenticate"))
        .isEqualTo("DPoP error=\"invalid_token\", algs=\"ES256 Ed25519 EdDSA RS256 PS256\"");
    assertThat(header(reply, "DPoP-Nonce")).isNull();
    assertThat(ledger.redeemed).isEmpty();
  }

  /// RFC 9449 section 9.
  @Test
  void proofWithoutNonce_isToldOne() {
    var token = boundToKey();
    var reply = askDpop(token, proof(token, "https://shop.example/orders/1", null));
    assertThat(reply.status()).isEqualTo(401);
    assertThat(header(reply, "WWW-Authenticate"))
        .startsWith("DPoP error=\"use_dpop_nonce\", algs=");
    var nonce = header(reply, "DPoP-Nonce");
    assertThat(askDpop(token, proof(token, "https://shop.example/orders/1", nonce)).status())
        .isEqualTo(200);
    assertThat(ledger.redeemed).hasSize(1);
  }

  @Test
  void proofThatWasSeen_isRefused() {
    var token = boundToKey();
    var proof = goodProof(token);
    assertThat(askDpop(token, proof).status()).isEqualTo(200);
    var again = askDpop(token, proof);
    assertThat(again.status()).isEqualTo(401);
    assertThat(reason(again)).isEqualTo("sender_mismatch");
    assertThat(header(again, "WWW-Authenticate")).startsWith("DPoP error=\"invalid_dpop_proof\"");
  }

  /// The proof of one page opens no other, nor that of another shop.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://shop.example/orders/2",
        "http://shop.example/orders/1",
        "https://shop.example:8443/orders/1",
        "https://other.example/orders/1"
      })
  void proofForAnotherUri_isRefused(String uri) {
    var token = boundToKey();
    assertThat(reason(askDpop(token, proof(token, uri, nonces.current()))))
        .isEqualTo("sender_mismatch");
  }

  /// Of the host nothing is believed that comes with the request: a site that a client was made to
  /// send its token and proof to would pass them on under its own name.
  @Test
  void relayedProof_ofAnotherSite_isRefused() {
    var token = boundToKey();
    var relayed =
        dpopHeaders(token, proof(token, "https://evil.example/orders/1", nonces.current()))
            .add("Host", "evil.example")
            .add("X-Forwarded-Proto", "https")
            .add("X-Forwarded-Host", "evil.example");
    assertThat(reason(gate.answer(call(relayed)))).isEqualTo("sender_mismatch");
  }

  @Test
  void withoutAnOrigin_noProofIsGood() {
    origins = List.of();
    gate = gate((method, path) -> route);
    var token = boundToKey();
    var reply = askDpop(token, goodProof(token));
    assertThat(reason(reply)).isEqualTo("sender_mismatch");
    assertThat(new String(reply.body(), StandardCharsets.UTF_8)).contains("none is configured");
  }

  @Test
  void proofs_twoOrNone() {
    var token = boundToKey();
    var two = dpopHeaders(token, goodProof(token)).add("DPoP", goodProof(token));
    assertThat(reason(gate.answer(call(two)))).isEqualTo("sender_mismatch");
    var none = headers(null).add("Authorization", "DPoP " + token);
    assertThat(reason(gate.answer(call(none)))).isEqualTo("sender_mismatch");
  }

  @Test
  void unboundToken_underTheSchemeDpop_isRefused() {
    var token = good();
    assertThat(reason(askDpop(token, goodProof(token)))).isEqualTo("sender_mismatch");
  }

  @Test
  void route_ofBoundTokensAlone() {
    var plain = ((RouteMatch.Found) route).route();
    route =
        new RouteMatch.Found(
            new Route(
                plain.id(),
                plain.method(),
                plain.path(),
                plain.audience(),
                plain.scopes(),
                plain.dataClass(),
                false,
                false,
                true));
    assertThat(reason(ask(good()))).isEqualTo("sender_mismatch");
    var token = boundToKey();
    assertThat(askDpop(token, goodProof(token)).status()).isEqualTo(200);
  }

  /// What nginx writes, and what RFC 9440 says.
  @Test
  void boundToACertificate_inBothForms(@TempDir Path folder) throws Exception {
    certificates = true;
    gate = gate((method, path) -> route);
    var certificate =
        new TestCa(folder).client("sender", null, "sender.example").certificate("sender");
    var token =
        bound(Confirmation.Method.CERTIFICATE, PresentedCertificate.thumbprint(certificate));
    var der = Base64.getEncoder().encodeToString(certificate.getEncoded());
    var pem =
        URLEncoder.encode(
                "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n",
                StandardCharsets.US_ASCII)
            .replace("+", "%20");
    for (var header : List.of(":" + der + ":", pem)) {
      var reply = gate.answer(call(headers(token).add("Client-Cert", header)));
      assertThat(reply.status()).as(header).isEqualTo(200);
    }
    for (var header : List.of("", ":", "::", ":AAAA:", der, "-----BEGIN%20CERTIFICATE-----")) {
      var reply = gate.answer(call(headers(token).add("Client-Cert", header)));
      assertThat(reason(reply)).as(header).isEqualTo("sender_mismatch");
    }
    assertThat(reason(ask(token))).isEqualTo("sender_mismatch");
  }

  /// Where nobody said that the proxy overwrites the header, a thief could write it.
  @Test
  void certificateHeader_withoutTheSetting_isNotBelieved(@TempDir Path folder) throws Exception {
    var certificate =
        new TestCa(folder).client("sender", null, "sender.example").certificate("sender");
    var token =
        bound(Confirmation.Method.CERTIFICATE, PresentedCertificate.thumbprint(certificate));
    var der = Base64.getEncoder().encodeToString(certificate.getEncoded());
    var reply = gate.answer(call(headers(token).add("Client-Cert", ":" + der + ":")));
    assertThat(reason(reply)).isEqualTo("sender_mismatch");
  }
}
