package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.route.DataClass;
import dev.ingam.issuance.route.PathPattern;
import dev.ingam.issuance.route.Route;
import dev.ingam.keys.KeyLifecycle;
import dev.ingam.server.door.ListenerName;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.CompactJws;
import dev.ingam.wire.JsonObject;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.LedgerMessages;
import java.math.BigInteger;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// What RFC 8725 and RFC 9700 warn of, at every door that takes a token or a form. Tokens that no
/// key of ours signed prove nothing; those that the stolen key signed come last, as they are
/// proofs.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HostileInputTest {
  private static final String ISSUER = "https://ingam.example";
  private static final BigInteger ORDER_OF_P256 =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  @TempDir static Path home;
  private static TestServer server;
  private static String manySecret;
  private static String onceSecret;
  private static String askerSecret;
  private static String serviceToken;
  private static String honest;
  private static String stolenKid;
  private static final Log LOG = new Log();

  /// By what it is, tokens that no key of ours signed, with the gate's reason.
  private static final Map<String, String[]> JUNK = new LinkedHashMap<>();

  /// By what it is, tokens that the thief of the key made while it was the active one, with the
  /// gate's reason.
  private static final Map<String, String[]> OF_THE_STOLEN_KEY = new LinkedHashMap<>();

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(home, Map.of("ingam.issuer", ISSUER));
    var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    LOG.setContext(root.getLoggerContext());
    LOG.start();
    root.addAppender(LOG);
    manySecret = server.client("many", ClientRight.CLIENT_CREDENTIALS, false, Set.of("a"));
    onceSecret = server.client("once", ClientRight.CLIENT_CREDENTIALS, true, Set.of("a"));
    askerSecret = server.client("asker", ClientRight.INTROSPECTION, false, Set.of());
    var ledger = server.client("service", ClientRight.LEDGER, false, Set.of());
    var route =
        new Route("all", "*", PathPattern.of("/**"), "shop", Set.of(), DataClass.NONE, false, true);
    server.issuance().routes().add(route, "test");
    serviceToken =
        TestServer.text(
            server.token(
                ListenerName.PUBLIC,
                TestServer.credentials("service", ledger, "urn:ingam:internal")),
            "access_token");
    honest = server.clientToken("many", manySecret);
    stolenKid = CompactJws.read(honest).kid();
    JUNK.putAll(makeJunk());
    steal();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// What the server logs, as text.
  private static final class Log extends AppenderBase<ILoggingEvent> {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      var thrown = event.getThrowableProxy();
      lines.add(
          event.getFormattedMessage()
              + event.getKeyValuePairs()
              + (thrown == null ? "" : ThrowableProxyUtil.asString(thrown)));
    }
  }

  private static String header() {
    return text(honest.split("\\.")[0]);
  }

  private static String claims() {
    return text(honest.split("\\.")[1]);
  }

  private static String text(String part) {
    return new String(Base64Url.decode(part), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return Base64Url.encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String with(String json, String member, String value) {
    var changed =
        json.replaceAll("\"" + member + "\":(\"[^\"]*\"|[0-9]+)", "\"" + member + "\":" + value);
    assertThat(changed).isNotEqualTo(json);
    return changed;
  }

  private static String and(String json, String members) {
    return json.substring(0, json.length() - 1) + "," + members + "}";
  }

  private static String signature() {
    return honest.substring(honest.lastIndexOf('.') + 1);
  }

  private static String unsigned(String header, String claims) {
    return encoded(header) + "." + encoded(claims);
  }

  /// The honest signature over something else.
  private static String pasted(String header, String claims) {
    return unsigned(header, claims) + "." + signature();
  }

  private static String byAttacker(String header) throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    var signer = Signature.getInstance("SHA256withECDSAinP1363Format");
    signer.initSign(generator.generateKeyPair().getPrivate());
    var input = unsigned(header, claims());
    signer.update(input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + Base64Url.encode(signer.sign());
  }

  private static String byHmac(byte[] secret) throws Exception {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    var input = unsigned(with(header(), "alg", "\"HS256\""), claims());
    return input + "." + Base64Url.encode(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
  }

  /// What everybody knows of the key, as a verifier that lets the token choose takes it for a
  /// secret.
  private static byte[] publicKey() {
    return server
        .send(server.request(ListenerName.PUBLIC, "/oauth2/jwks"))
        .body()
        .getBytes(StandardCharsets.UTF_8);
  }

  /// The same bits in another spelling: the last character of a part has bits that mean nothing.
  private static String respelled(int part) {
    var parts = honest.split("\\.");
    var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    var last = parts[part].charAt(parts[part].length() - 1);
    parts[part] =
        parts[part].substring(0, parts[part].length() - 1)
            + alphabet.charAt(alphabet.indexOf(last) ^ 1);
    return String.join(".", parts);
  }

  private static Map<String, String[]> makeJunk() throws Exception {
    var junk = new LinkedHashMap<String, String[]>();
    var input = unsigned(header(), claims());
    put(junk, "one letter", "malformed", "a");
    put(junk, "three dots", "malformed", "...");
    put(junk, "four parts", "malformed", honest + ".a");
    put(junk, "8 KiB", "malformed", "a".repeat(8 << 10));
    put(junk, "alg none", "malformed", unsigned(with(header(), "alg", "\"none\""), claims()) + ".");
    put(junk, "alg nOnE", "malformed", pasted(with(header(), "alg", "\"nOnE\""), claims()));
    put(junk, "no signature", "malformed", input + ".");
    put(junk, "HS256 under the public key", "malformed", byHmac(publicKey()));
    put(junk, "HS256 under nothing", "malformed", byHmac(new byte[1]));
    put(junk, "another ES alg", "malformed", pasted(with(header(), "alg", "\"ES384\""), claims()));
    for (var member :
        new String[] {
          "\"jwk\":{\"kty\":\"EC\"}",
          "\"jku\":\"https://attacker.example/k\"",
          "\"x5u\":\"https://attacker.example/c\"",
          "\"x5c\":[\"MIIB\"]",
          "\"crit\":[\"exp\"],\"exp\":1",
          "\"b64\":false",
          "\"crit\":[\"b64\"],\"b64\":false",
          "\"zip\":\"DEF\"",
          "\"cty\":\"JWT\""
        }) {
      put(junk, member, "malformed", byAttacker(and(header(), member)));
    }
    put(junk, "another's key under our kid", "bad_signature", byAttacker(header()));
    put(
        junk,
        "unknown kid",
        "unknown_key",
        byAttacker(with(header(), "kid", "\"" + "A".repeat(43) + "\"")));
    put(
        junk,
        "kid as a path",
        "unknown_key",
        byAttacker(with(header(), "kid", "\"../../etc/passwd\"")));
    put(junk, "typ JWT", "wrong_type", pasted(with(header(), "typ", "\"JWT\""), claims()));
    put(
        junk,
        "typ of a logout token",
        "wrong_type",
        pasted(with(header(), "typ", "\"logout+jwt\""), claims()));
    put(junk, "member twice", "malformed", pasted(header(), and(claims(), "\"sub\":\"x\"")));
    put(
        junk,
        "header member twice",
        "malformed",
        pasted(and(header(), "\"alg\":\"none\""), claims()));
    put(junk, "bytes behind", "malformed", pasted(header(), claims() + "x"));
    put(junk, "a list", "malformed", pasted(header(), "[]"));
    put(
        junk,
        "deep",
        "malformed",
        pasted(header(), and(claims(), "\"a\":" + "[".repeat(500) + "]".repeat(500))));
    put(junk, "signature respelled", "malformed", respelled(2));
    put(junk, "padding", "malformed", honest + "=");
    put(junk, "zeros", "bad_signature", input + "." + Base64Url.encode(new byte[64]));
    put(junk, "r zero", "bad_signature", input + "." + half(0));
    put(junk, "s zero", "bad_signature", input + "." + half(32));
    put(junk, "short signature", "bad_signature", input + "." + Base64Url.encode(new byte[63]));
    put(
        junk,
        "DER signature",
        "bad_signature",
        input + "." + Base64Url.encode(new byte[] {0x30, 6, 2, 1, 1, 2, 1, 1}));
    put(
        junk,
        "other claims",
        "bad_signature",
        pasted(header(), with(claims(), "sub", "\"client:admin\"")));
    return junk;
  }

  private static void put(Map<String, String[]> tokens, String what, String reason, String token) {
    tokens.put(what, new String[] {reason, token});
  }

  /// The honest signature with one half of it zero.
  private static String half(int at) {
    var bytes = Base64Url.decode(signature());
    Arrays.fill(bytes, at, at + 32, (byte) 0);
    return Base64Url.encode(bytes);
  }

  /// The other signature over the same content: whoever has one can make it.
  private static String twin(String token) {
    var at = token.lastIndexOf('.') + 1;
    var bytes = Base64Url.decode(token.substring(at));
    var s =
        ORDER_OF_P256.subtract(new BigInteger(1, Arrays.copyOfRange(bytes, 32, 64))).toByteArray();
    Arrays.fill(bytes, 32, 64, (byte) 0);
    int length = Math.min(32, s.length);
    System.arraycopy(s, s.length - length, bytes, 64 - length, length);
    return token.substring(0, at) + Base64Url.encode(bytes);
  }

  /// While the key is active: a proof replaces it.
  private static void steal() {
    var now = System.currentTimeMillis() / 1000;
    forge(
        "never issued",
        "not_issued",
        header(),
        with(claims(), "jti", "\"AAAAAQAAAAIAAAAAAAAAAw\""));
    forge("no serial", "malformed", header(), claims().replaceAll(",?\"jti\":\"[^\"]*\"", ""));
    forge("another serial", "malformed", header(), with(claims(), "jti", "\"1\""));
    forge("another subject", "altered", header(), with(claims(), "sub", "\"member-1\""));
    forge("another audience", "wrong_audience", header(), with(claims(), "aud", "\"other\""));
    forge(
        "another issuer", "wrong_issuer", header(), with(claims(), "iss", "\"https://x.example\""));
    forge(
        "of the future",
        "not_yet_valid",
        header(),
        with(with(claims(), "iat", "" + (now + 7200)), "exp", "" + (now + 7500)));
    forge(
        "of the past",
        "expired",
        header(),
        with(with(claims(), "iat", "" + (now - 900)), "exp", "" + (now - 600)));
    forge("another type", "wrong_type", with(header(), "typ", "\"JWT\""), claims());
    forge("with a jwk", "malformed", and(header(), "\"jwk\":{}"), claims());
  }

  private static void forge(String what, String reason, String header, String claims) {
    var keyring = server.bean(KeyLifecycle.class).keyring();
    var input = unsigned(header, claims);
    var signature =
        keyring.sign(keyring.active("access"), input.getBytes(StandardCharsets.US_ASCII));
    put(OF_THE_STOLEN_KEY, what, reason, input + "." + Base64Url.encode(signature));
  }

  private static String reason(String token) {
    var answer = server.gate("GET", "/x", token);
    return answer.statusCode() == 200
        ? "accepted"
        : answer.headers().firstValue("X-Ingam-Reason").orElse("none " + answer.statusCode());
  }

  private static HttpResponse<String> form(String path, String body) {
    return server.send(
        server
            .request(ListenerName.PUBLIC, path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body)));
  }

  private static void assertRefusedEverywhere(String what, String token) {
    var asker = "client_id=asker&client_secret=" + askerSecret + "&token=" + token;
    var introspected = form("/oauth2/introspect", asker);
    assertThat(introspected.body()).as(what).isEqualTo("{\"active\":false}");
    var another = "client_id=once&client_secret=" + onceSecret + "&token=" + token;
    assertThat(form("/oauth2/revoke", another).statusCode())
        .as("%s: unknown, or known as another's", what)
        .isIn(200, 400);
    var asCaller =
        server.send(
            server
                .request(ListenerName.INTERNAL, "/keys")
                .header("Authorization", "Bearer " + token));
    assertThat(asCaller.statusCode()).as(what).isEqualTo(401);
    assertThat(TestServer.text(asCaller, "error")).as(what).isEqualTo("invalid_token");
  }

  @Test
  @Order(1)
  void junk_isRefusedAtEveryDoorAndProvesNothing() throws Exception {
    var softly = new SoftAssertions();
    for (var each : JUNK.entrySet()) {
      var reason = each.getValue()[0];
      var token = each.getValue()[1];
      softly.assertThat(reason(token)).as(each.getKey()).isEqualTo(reason);
      assertRefusedEverywhere(each.getKey(), token);
    }
    softly.assertAll();
    assertThat(server.issuance().proofs().counts()).isEmpty();
    assertThat(reason(honest)).as("another client revoked nothing").isEqualTo("accepted");
  }

  /// The ledger speaks of the signed content alone, whatever signature stands under it: that is the
  /// verifier's to check, before it redeems. Only the judge looks at both.
  @Test
  @Order(2)
  void junk_askedOfTheLedger_isNeverMoreThanItsContent() throws Exception {
    var content = unsigned(header(), claims());
    for (var each : JUNK.entrySet()) {
      var token = each.getValue()[1];
      var issued = token.substring(0, Math.max(0, token.lastIndexOf('.'))).equals(content);
      for (var question : new String[] {"lookup", "redeem"}) {
        assertThat(asked(question, token))
            .as("%s: %s", question, each.getKey())
            .contains(issued ? "\"accepted\"" : "\"refused\"");
      }
      assertThat(asked("report", token))
          .as("report: %s", each.getKey())
          .containsPattern("\"reason\":\"(malformed|bad_signature|unknown_key)\"");
    }
    assertThat(server.issuance().proofs().counts()).isEmpty();
  }

  private static String asked(String question, String token) {
    var jti = JsonObject.read(claims().getBytes(StandardCharsets.UTF_8)).string("jti");
    var item = new LedgerItem(Base64Url.encode(new byte[16]), jti, false, token);
    var answer =
        server.send(
            server
                .request(ListenerName.INTERNAL, "/ledger/" + question)
                .header("Authorization", "Bearer " + serviceToken)
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofByteArray(new LedgerMessages().writeRequest(List.of(item)))));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  @Test
  @Order(2)
  void junk_asAnAssertion_isNobody() throws Exception {
    for (var each : JUNK.entrySet()) {
      var answer =
          form(
              "/oauth2/token",
              "grant_type=client_credentials&client_assertion_type="
                  + "urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion="
                  + each.getValue()[1]);
      assertThat(answer.statusCode()).as(each.getKey()).isEqualTo(401);
      assertThat(TestServer.text(answer, "error")).isEqualTo("invalid_client");
    }
  }

  /// Longer than any token can be: nothing of it is read.
  @Test
  @Order(2)
  void tokens_tooLong_areRefusedAsWhatTheyAre() {
    assertThat(reason("a".repeat(9 << 10))).isEqualTo("malformed");
    assertThat(server.gate("GET", "/x", "a".repeat(17 << 10)).statusCode()).isEqualTo(431);
    var asker = "client_id=asker&client_secret=" + askerSecret + "&token=";
    assertThat(form("/oauth2/introspect", asker + "a".repeat(9 << 10)).statusCode()).isEqualTo(400);
  }

  /// One token, whichever of its two signatures comes first.
  @Test
  @Order(2)
  void bothSignatures_areOneToken() {
    var first = server.clientToken("once", onceSecret);
    assertThat(reason(first)).isEqualTo("accepted");
    assertThat(reason(twin(first))).isEqualTo("already_redeemed");
    var second = server.clientToken("once", onceSecret);
    assertThat(reason(twin(second))).isEqualTo("accepted");
    assertThat(reason(second)).isEqualTo("already_redeemed");
    assertThat(server.issuance().proofs().counts()).isEmpty();
  }

  @Test
  @Order(3)
  void forms_thatAreNone_areRefused() {
    var client = "grant_type=client_credentials&client_id=many&client_secret=" + manySecret;
    assertThat(form("/oauth2/token", client).statusCode()).isEqualTo(200);
    for (var body :
        new String[] {
          client + "&grant_type=client_credentials",
          client + "&nothing=1&nothing=1",
          client + "&scope=a&scope=a",
          client + "&a".repeat(40),
          client + "&" + "n".repeat(65) + "=1",
          client + "&state=" + "v".repeat(8193),
          client + "&a=%zz",
          client + "&a=%ff",
          client + "&a=%",
          client + "&client_assertion=x.y.z",
          "",
          "\0"
        }) {
      var answer = form("/oauth2/token", body);
      assertThat(answer.statusCode()).as(body).isEqualTo(400);
      assertThat(TestServer.text(answer, "error")).as(body).isEqualTo("invalid_request");
      assertThat(answer.body()).doesNotContain(manySecret);
    }
    assertThat(form("/oauth2/token", "a=" + "b".repeat(40_000)).statusCode()).isEqualTo(413);
    assertThat(form("/oauth2/token?grant_type=x", client).statusCode()).isEqualTo(400);
  }

  @Test
  @Order(4)
  void credentials_thatAreNone_areRefusedAlike() {
    var known = authorized("many:wrong");
    assertThat(known.statusCode()).isEqualTo(401);
    for (var pair :
        new String[] {"nobody:wrong", "many", ":", "many:%zz", "\0:\0", "x".repeat(5_000)}) {
      var answer = authorized(pair);
      assertThat(answer.statusCode()).as(pair).isEqualTo(401);
      assertThat(answer.body()).as(pair).isEqualTo(known.body());
    }
  }

  private static HttpResponse<String> authorized(String pair) {
    var basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return server.send(
        server
            .request(ListenerName.PUBLIC, "/oauth2/token")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Authorization", "Basic " + basic)
            .POST(BodyPublishers.ofString("grant_type=client_credentials")));
  }

  @Test
  @Order(5)
  void messagesOfTheLedger_thatAreNone_areRefused() {
    for (var body :
        new String[] {
          "",
          "{",
          "[]",
          "{\"items\":[],\"items\":[]}",
          "{\"items\":[{}]}",
          "{\"items\":" + "[".repeat(5_000),
          "{\"items\":[]}x"
        }) {
      var answer =
          server.send(
              server
                  .request(ListenerName.INTERNAL, "/ledger/lookup")
                  .header("Authorization", "Bearer " + serviceToken)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(body)));
      assertThat(answer.statusCode()).as(body).isEqualTo(400);
      assertThat(TestServer.text(answer, "error")).as(body).isEqualTo("invalid_request");
    }
  }

  /// Each is refused for what is wrong with it, and each proves that the key is out; nobody honest
  /// notices.
  @Test
  @Order(6)
  void tokensOfTheStolenKey_areRefusedAndProveTheTheft() {
    var softly = new SoftAssertions();
    for (var each : OF_THE_STOLEN_KEY.entrySet()) {
      softly.assertThat(reason(each.getValue()[1])).as(each.getKey()).isEqualTo(each.getValue()[0]);
    }
    softly.assertAll();
    var counts = server.issuance().proofs().counts();
    assertThat(counts).hasSize(1);
    assertThat(counts.getFirst().kid()).isEqualTo(stolenKid);
    assertThat(counts.getFirst().proofs()).isEqualTo(OF_THE_STOLEN_KEY.size());
    assertThat(server.bean(KeyLifecycle.class).show(stolenKid).state()).isEqualTo(KeyState.TAINTED);
    OF_THE_STOLEN_KEY.forEach((what, token) -> assertRefusedEverywhere(what, token[1]));
    assertThat(reason(honest)).as("nobody is logged out").isEqualTo("accepted");
    assertThat(reason(server.clientToken("many", manySecret))).isEqualTo("accepted");
  }

  @Test
  @Order(7)
  void tokensThatWereShown_areInNoLogLine() throws Exception {
    var tokens = new ArrayList<>(JUNK.values());
    tokens.addAll(OF_THE_STOLEN_KEY.values());
    tokens.add(new String[] {"", serviceToken});
    assertThat(LOG.lines).as("the proofs, at least").isNotEmpty();
    assertThat(
            tokens.stream()
                .flatMap(token -> Stream.of(token[1].split("\\.")))
                .filter(part -> part.length() > 40)
                .filter(part -> LOG.lines.stream().anyMatch(line -> line.contains(part))))
        .as("parts of tokens that were logged")
        .isEmpty();
  }
}
