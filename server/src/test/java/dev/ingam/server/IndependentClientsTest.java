package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.ingam.issuance.client.ClientAuthentication;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.client.ClientSettings;
import dev.ingam.server.door.ListenerName;
import dev.ingam.wire.KeySet;
import dev.ingam.wire.KeySetReading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// OAuth clients that others wrote (`openid-client` on `oauth4webapi`, and `jose`, of npm) drive
/// the authority: `src/test/node/clients.mjs` does, and what came of each step is judged here.
class IndependentClientsTest {
  private static final String UPSTREAM = "https://login.example";
  private static final List<String> FILES =
      List.of("package.json", "package-lock.json", "clients.mjs");
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir static Path home;
  private static JsonNode came;

  @BeforeAll
  static void drive() throws Exception {
    var upstream = key();
    var jwks = home.resolve("upstream.json");
    Files.writeString(jwks, publicSet(upstream));
    var settings =
        Map.of("ingam.upstream.issuer", UPSTREAM, "ingam.upstream.jwks", jwks.toString());
    try (var server = TestServer.start(home, settings)) {
      var secret =
          server.client("job", ClientRight.CLIENT_CREDENTIALS, false, Set.of("orders:read"));
      var resource =
          server.client("resource", ClientRight.INTROSPECTION, false, Set.of("orders:read"));
      var given =
          Map.of(
              "issuer", server.url(ListenerName.PUBLIC),
              "internal", server.url(ListenerName.INTERNAL),
              "upstream", UPSTREAM,
              "secret", secret,
              "resourceSecret", resource,
              "upstreamKey", upstream.toJSONObject(),
              "jobKey", signing(server, "signing-job", ClientRight.CLIENT_CREDENTIALS),
              "loginKey", signing(server, "login-app", ClientRight.LOGIN_EVENTS),
              "exchangeKey", signing(server, "shop-app", ClientRight.TOKEN_EXCHANGE));
      came = run(JSON.writeValueAsString(given));
    }
  }

  @AfterAll
  static void forget() {
    came = null;
  }

  private static ECKey key() throws JOSEException {
    return new ECKeyGenerator(Curve.P_256)
        .algorithm(JWSAlgorithm.ES256)
        .keyIDFromThumbprint(true)
        .generate();
  }

  private static String publicSet(ECKey key) {
    return "{\"keys\":[" + key.toPublicJWK().toJSONString() + "]}";
  }

  /// Registers a client that signs and answers its private key.
  private static Map<String, Object> signing(TestServer server, String id, ClientRight right)
      throws JOSEException {
    var key = key();
    var keys = KeySet.read(publicSet(key).getBytes(StandardCharsets.UTF_8));
    var reads = right == ClientRight.LOGIN_EVENTS ? Set.<String>of() : Set.of("orders:read");
    var settings =
        new ClientSettings(
            id,
            new ClientAuthentication.PrivateKeyJwt(((KeySetReading.Read) keys).keySet()),
            Set.of(right),
            reads,
            reads.isEmpty() ? Set.of() : Set.of("shop"),
            ClientSettings.DEFAULT_LIFETIME,
            false);
    assertThat(server.issuance().clients().create(settings, "test").toString()).contains("Changed");
    return key.toJSONObject();
  }

  private static JsonNode run(String given) throws IOException, InterruptedException {
    var folder = Files.createDirectories(home.resolve("node"));
    for (var file : FILES) {
      Files.copy(Path.of("src/test/node", file), folder.resolve(file));
    }
    command(folder, "", "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
    return JSON.readTree(command(folder, given, "node", "clients.mjs"));
  }

  private static String command(Path folder, String input, String... words)
      throws IOException, InterruptedException {
    var errors = folder.resolve("errors.txt");
    var process =
        new ProcessBuilder(words).directory(folder.toFile()).redirectError(errors.toFile()).start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    }
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output + Files.readString(errors)).isZero();
    return output;
  }

  private static void assertToken(String step, String subject, String client) {
    var claims = came.get(step);
    assertThat(claims.path("sub").asString()).as(step + claims).isEqualTo(subject);
    assertThat(claims.path("client_id").asString()).as(step).isEqualTo(client);
    assertThat(claims.path("scope").asString()).as(step).isEqualTo("orders:read");
  }

  private static void assertFailed(String step, String error) {
    assertThat(came.get(step).path("failed").asString()).as(step + came.get(step)).isEqualTo(error);
  }

  @Test
  void metadata_isDiscovered() {
    var metadata = came.get("metadata");
    var issuer = metadata.get("issuer").asString();
    assertThat(metadata.get("token_endpoint").asString()).isEqualTo(issuer + "/oauth2/token");
    assertThat(metadata.get("introspection_endpoint").asString())
        .isEqualTo(issuer + "/oauth2/introspect");
    assertThat(metadata.get("revocation_endpoint").asString()).isEqualTo(issuer + "/oauth2/revoke");
  }

  @Test
  void clientCredentials_byEachAuthentication_giveATokenThatJoseVerifies() {
    assertToken("secretBasic", "client:job", "job");
    assertToken("secretPost", "client:job", "job");
    assertToken("privateKeyJwt", "client:signing-job", "signing-job");
  }

  @Test
  void exchange_needsASession() {
    assertToken("exchange", "alice", "shop-app");
    assertFailed("exchangeWithoutSession", "invalid_grant");
  }

  @Test
  void refusals_areUnderstood() {
    assertFailed("wrongSecretBasic", "OAUTH_WWW_AUTHENTICATE_CHALLENGE");
    assertFailed("wrongSecretPost", "invalid_client");
    assertFailed("wrongScope", "invalid_scope");
    assertFailed("tamperedToken", "ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
  }

  @Test
  void introspection_ofGoodAndOfTamperedAndOfRevokedTokens() {
    var active = came.get("introspection");
    assertThat(active.path("active").asBoolean()).as(active.toString()).isTrue();
    assertThat(active.get("sub").asString()).isEqualTo("client:job");
    assertThat(active.get("aud").asString()).isEqualTo("shop");
    for (var step : List.of("introspectionOfTampered", "introspectionAfterRevocation")) {
      assertThat(came.get(step).toString()).as(step).isEqualTo("{\"active\":false}");
    }
  }

  @Test
  void introspection_withoutTheRight_isRefused() {
    assertFailed("introspectionWithoutTheRight", "unauthorized_client");
  }
}
