package dev.ingam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import dev.ingam.wire.Base64Url;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCommandsTest {
  private static final String ISSUED =
      "{\"access_token\":\"ey.t.s\",\"token_type\":\"Bearer\",\"expires_in\":300,\"scope\":\"a\"}";
  private static final String TOKEN =
      token(
          "{\"typ\":\"at+jwt\",\"alg\":\"ES256\",\"kid\":\"k1\"}",
          "{\"iss\":\"http://i\",\"sub\":\"bob\",\"aud\":\"https://x\",\"client_id\":\"shop\",\"iat\":1795396600,\"exp\":1795396900,"
              + "\"jti\":\"AAAAAQAAAAIAAAAAAAAAAw\",\"scope\":\"a b\"}");

  @TempDir Path folder;
  private StubServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = new StubServer(folder);
    server.answers(
        "GET /.well-known/oauth-authorization-server", 200, "{\"issuer\":\"http://issuer\"}");
    server.answers("POST /oauth2/token", 200, ISSUED);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void issue_secretFromFile_printsTheTokenAlone() throws IOException {
    var file = Files.writeString(folder.resolve("secret"), "ingam_abc\n");
    var result =
        Shell.on(server)
            .run(
                "token",
                "issue",
                "--client",
                "shop",
                "--secret-file",
                file.toString(),
                "--audience",
                "https://x",
                "--scope",
                "a,b");
    assertThat(result.code()).isZero();
    assertThat(result.out()).isEqualTo("ey.t.s\n");
    assertThat(form())
        .isEqualTo(
            Map.of(
                "grant_type", "client_credentials",
                "client_id", "shop",
                "client_secret", "ingam_abc",
                "audience", "https://x",
                "scope", "a b"));
    assertThat(server.lastCall().authorization()).isEqualTo("null");
  }

  @Test
  void issue_secretFromStandardInput_orFromAPerson() {
    Shell.on(server)
        .typing("one\n")
        .run("token", "issue", "--client", "shop", "--secret-file", "-");
    assertThat(form()).containsEntry("client_secret", "one");
    Shell.on(server).withPassword("two").run("token", "issue", "--client", "shop");
    assertThat(form()).containsEntry("client_secret", "two");
  }

  @Test
  void issue_nobodyToAsk() {
    var result = Shell.on(server).run("token", "issue", "--client", "shop");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("--secret-file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void issue_privateKeyInJwk_provesTheClient(String kind) throws Exception {
    JWK key =
        kind.equals("EC")
            ? new ECKeyGenerator(Curve.P_256).keyID("mine").generate()
            : new RSAKeyGenerator(2048).keyID("mine").generate();
    var file = Files.writeString(folder.resolve("key.jwk"), key.toJSONString());
    var result =
        Shell.on(server).run("token", "issue", "--client", "shop", "--key-file", file.toString());
    assertThat(result.code()).as(result.err()).isZero();
    assertAssertion(
        key instanceof ECKey ec ? new ECDSAVerifier(ec) : new RSASSAVerifier((RSAKey) key), "mine");
  }

  @Test
  void issue_privateKeyInPem_provesTheClient() throws Exception {
    var key = new ECKeyGenerator(Curve.P_256).generate();
    var body = Base64.getMimeEncoder().encodeToString(key.toECPrivateKey().getEncoded());
    var file =
        Files.writeString(
            folder.resolve("key.pem"),
            "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n");
    var result =
        Shell.on(server)
            .run(
                "token", "issue", "--client", "shop", "--key-file", file.toString(), "--kid", "k9");
    assertThat(result.code()).as(result.err()).isZero();
    assertAssertion(new ECDSAVerifier(key), "k9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"AA\"}",
        "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----"
      })
  void issue_unfitKeyFile(String content) throws IOException {
    var file = Files.writeString(folder.resolve("key"), content);
    var result =
        Shell.on(server).run("token", "issue", "--client", "shop", "--key-file", file.toString());
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("Expected a private key in " + file);
    assertThat(server.calls()).noneMatch(call -> call.method().equals("POST"));
  }

  @Test
  void issue_refused_showsTheServersWords() {
    server.answers(
        "POST /oauth2/token",
        401,
        "{\"error\":\"invalid_client\",\"error_description\":\"No such client.\"}");
    var result =
        Shell.on(server)
            .typing("x")
            .run("token", "issue", "--client", "shop", "--secret-file", "-");
    assertThat(result.code()).isEqualTo(4);
    assertThat(result.err()).isEqualTo("ingam: No such client.\n");
  }

  @Test
  void inspect_showsWhatTheTokenSays_andProvesNothing() {
    var result = Shell.alone().typing(TOKEN + "\n").run("token", "inspect");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .isEqualTo(
            """
            TYPE       at+jwt
            ALGORITHM  ES256
            KEY        k1
            ISSUER     http://i
            SUBJECT    bob
            AUDIENCE   https://x
            CLIENT     shop
            SCOPE      a b
            SERIAL     AAAAAQAAAAIAAAAAAAAAAw
            ISSUED     2026-11-23 01:16:40 UTC (11-23 10:16 KST)
            EXPIRES    2026-11-23 01:21:40 UTC (11-23 10:21 KST)
            EXPIRED    yes
            SIGNATURE  not checked
            """);
    assertThat(result.err()).contains("not checked");
  }

  @Test
  void inspect_claimsThatWouldDriveTheTerminal() {
    var token =
        token(
            "{\"alg\":\"none\"}",
            "{\"sub\":\"a\\u001b[31m\\u202eb\\r\\n\",\"exp\":1e9,\"iat\":99999999999999999999}");
    var result = Shell.alone().typing(token).run("token", "inspect");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("a\\u001b[31m\\u202eb\\u000d\\u000a")
        .doesNotContain("\u001b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "abc", "a.b.c", "e30.e30", "e30.W10.AA", "e30.e30=.AA", "bnVsbA.e30.AA"})
  void inspect_noToken(String typed) {
    var result = Shell.alone().typing(typed).run("token", "inspect");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("Expected one token");
    assertThat(result.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"inspect", "verify"})
  void tokenOnTheCommandLine_isRefused(String command) {
    var result = Shell.alone().run("token", command, TOKEN);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("standard input").doesNotContain(TOKEN);
  }

  @Test
  void verify_accepted_asksForTheTokensOwnAudience() {
    server.answers(
        "POST /admin/tokens/verify", 200, "{\"verdict\":\"accepted\",\"token\":{\"sub\":\"bob\"}}");
    var result = Shell.on(server).typing(TOKEN).run("token", "verify", "-");
    assertThat(result.code()).isZero();
    assertThat(result.out()).startsWith("VERDICT  accepted\n");
    assertThat(server.lastCall().body())
        .isEqualTo(Json.object().with("token", TOKEN).with("audience", "https://x"));
  }

  @Test
  void verify_refused_is3() throws IOException {
    server.answers(
        "POST /admin/tokens/verify",
        200,
        "{\"verdict\":\"refused\",\"reason\":\"not_issued\",\"detail\":\"no entry\"}");
    var file = Files.writeString(folder.resolve("token"), TOKEN);
    var result =
        Shell.on(server).run("token", "verify", file.toString(), "--audience", "https://y");
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.out()).contains("refused").contains("not_issued").contains("no entry");
    assertThat(server.lastCall().body().get("audience").text()).isEqualTo("https://y");
  }

  private void assertAssertion(JWSVerifier verifier, String kid) throws Exception {
    var form = form();
    var assertion = SignedJWT.parse(form.get("client_assertion"));
    assertThat(assertion.verify(verifier)).isTrue();
    assertThat(assertion.getHeader().getKeyID()).isEqualTo(kid);
    var claims = assertion.getJWTClaimsSet();
    assertThat(claims.getIssuer()).isEqualTo("shop");
    assertThat(claims.getSubject()).isEqualTo("shop");
    assertThat(claims.getAudience()).containsExactly("http://issuer");
    assertThat(claims.getExpirationTime().toInstant())
        .isEqualTo(Shell.CLOCK.instant().plusSeconds(60));
    assertThat(claims.getJWTID()).hasSize(22);
    assertThat(form).doesNotContainKey("client_secret");
  }

  private Map<String, String> form() {
    var form = new HashMap<String, String>();
    for (var pair : server.lastCall().body().text().split("&")) {
      var parts = pair.split("=", 2);
      form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return form;
  }

  private static String token(String header, String claims) {
    return Base64Url.encode(header.getBytes(StandardCharsets.UTF_8))
        + "."
        + Base64Url.encode(claims.getBytes(StandardCharsets.UTF_8))
        + "."
        + Base64Url.encode(new byte[64]);
  }
}
