package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.audience.Audience;
import dev.ingam.issuance.audience.Audiences.Outcome;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.route.DataClass;
import dev.ingam.issuance.route.PathPattern;
import dev.ingam.issuance.route.Route;
import dev.ingam.keys.Alarm;
import dev.ingam.keys.KeyLifecycle;
import dev.ingam.keys.Keyring;
import dev.ingam.server.door.ListenerName;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.CompactJws;
import dev.ingam.wire.KeySet;
import dev.ingam.wire.KeySetReading;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.SignatureCheck;
import dev.ingam.wire.VerificationKey;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A server with a key set for old verifiers, through its doors.
class LegacyKeySetTest {
  private static final String SHOP = "shop";

  @TempDir private Path home;

  private TestServer start(Algorithm algorithm) {
    var server = TestServer.start(home, Map.of("ingam.keys.legacy-algorithm", algorithm.jose()));
    var route =
        new Route(
            "all", "*", PathPattern.of("/**"), SHOP, Set.of(), DataClass.PERSONAL, false, true);
    server.issuance().routes().add(route, "test");
    return server;
  }

  private static void signedByLegacy(TestServer server) {
    assertThat(server.issuance().audiences().set(new Audience(SHOP, "legacy"), null, "test"))
        .isEqualTo(Outcome.DONE);
  }

  /// The widest scope of the profile, so that the token is about as long as one can be.
  private static Set<String> wideScopes() {
    return IntStream.range(0, 32)
        .mapToObj(i -> "s".repeat(61) + (100 + i))
        .collect(Collectors.toSet());
  }

  private static VerificationKey published(TestServer server, String kid) {
    var answer = server.send(server.request(ListenerName.PUBLIC, "/oauth2/jwks"));
    var set = KeySet.read(answer.body().getBytes(StandardCharsets.UTF_8));
    return ((KeySetReading.Read) set).keySet().find(kid);
  }

  @ParameterizedTest
  @EnumSource(names = {"RS256", "PS256"})
  void tokenOfTheLegacySet_isVerifiedByTheJwkSetAlone_andPassesTheGate(Algorithm algorithm) {
    try (var server = start(algorithm)) {
      var secret = server.client("web", ClientRight.CLIENT_CREDENTIALS, false, wideScopes());
      signedByLegacy(server);

      var token = server.clientToken("web", secret);

      var jws = CompactJws.read(token);
      assertThat(jws.algorithm()).isEqualTo(algorithm.jose());
      var key = published(server, jws.kid());
      assertThat(key.algorithm()).isEqualTo(algorithm);
      assertThat(new SignatureCheck(null).verify(key, jws.signingInput(), jws.signature()))
          .isTrue();
      assertThat(token.length()).isBetween(3_500, CompactJws.MAX_LENGTH);
      assertThat(server.gate("GET", "/profile", token).statusCode()).isEqualTo(200);
      for (var alg : new String[] {"ES256", "Ed25519", twin(algorithm)}) {
        assertThat(reason(server.gate("GET", "/profile", withAlgorithm(token, alg))))
            .isEqualTo("unknown_key");
      }
      assertThat(reason(server.gate("GET", "/profile", withAlgorithm(token, "HS256"))))
          .isEqualTo("malformed");
    }
  }

  private static String twin(Algorithm algorithm) {
    return algorithm == Algorithm.RS256 ? "PS256" : "RS256";
  }

  /// The same token with another `alg` in its header.
  private static String withAlgorithm(String token, String alg) {
    var kid = CompactJws.read(token).kid();
    var header = "{\"alg\":\"" + alg + "\",\"kid\":\"" + kid + "\",\"typ\":\"at+jwt\"}";
    return Base64Url.encode(header.getBytes(StandardCharsets.UTF_8))
        + token.substring(token.indexOf('.'));
  }

  private static String reason(HttpResponse<String> answer) {
    return answer.headers().firstValue("X-Ingam-Reason").orElse("none");
  }

  /// The emergency of one set is that of both, seen through the doors.
  @Test
  void proofOnTheLegacyKey_replacesBothKeys_andHonestTokensStayGood() {
    try (var server = start(Algorithm.RS256)) {
      var secret = server.client("web", ClientRight.CLIENT_CREDENTIALS, false, Set.of("a"));
      var before = server.clientToken("web", secret);
      signedByLegacy(server);
      var legacy = server.clientToken("web", secret);
      var ring = server.bean(Keyring.class);
      var old = Set.of(ring.active("access").kid(), ring.active("legacy").kid());

      server.bean(KeyLifecycle.class).condemn(ring.active("legacy").kid(), "proof", "test");

      assertThat(old)
          .allSatisfy(kid -> assertThat(ring.find(kid).state()).isEqualTo(KeyState.TAINTED))
          .allSatisfy(kid -> assertThat(published(server, kid)).isNull())
          .doesNotContain(ring.active("access").kid(), ring.active("legacy").kid());
      for (var token : new String[] {before, legacy, server.clientToken("web", secret)}) {
        assertThat(server.gate("GET", "/profile", token).statusCode()).isEqualTo(200);
      }
    }
  }

  /// The setting went away: no token rather than one that its verifiers refuse.
  @Test
  void settingTakenAway_audienceGetsNoToken_andAlarms() {
    String secret;
    try (var server = start(Algorithm.RS256)) {
      secret = server.client("web", ClientRight.CLIENT_CREDENTIALS, false, Set.of("a"));
      signedByLegacy(server);
      server.clientToken("web", secret);
    }
    try (var server = TestServer.start(home)) {
      var answer = server.token(ListenerName.PUBLIC, TestServer.credentials("web", secret, SHOP));
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(server.issuance().alarms())
          .extracting(Alarm::code)
          .contains("audience_without_key_set");
      assertThat(server.issuance().audiences().delete(SHOP, "test")).isTrue();
      assertThat(CompactJws.read(server.clientToken("web", secret)).algorithm()).isEqualTo("ES256");
    }
  }

  /// A poller gets the whole set again only when a key changed.
  @Test
  void keySet_thatTheCallerHas_isNotSentAgain() {
    try (var server = start(Algorithm.RS256)) {
      var first = keySet(server, "none");
      var tag = first.headers().firstValue("ETag").orElseThrow();
      var again = keySet(server, tag);
      assertThat(again.statusCode()).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(again.headers().firstValue("Cache-Control"))
          .contains("max-age=300, must-revalidate");
      server.bean(KeyLifecycle.class).rotate("access", true, "test");
      var changed = keySet(server, tag);
      assertThat(changed.statusCode()).isEqualTo(200);
      assertThat(changed.headers().firstValue("ETag").orElseThrow()).isNotEqualTo(tag);
    }
  }

  private static HttpResponse<String> keySet(TestServer server, String known) {
    var request = server.request(ListenerName.PUBLIC, "/oauth2/jwks");
    return server.send(request.header("If-None-Match", known));
  }
}
