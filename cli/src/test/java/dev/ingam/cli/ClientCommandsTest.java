package dev.ingam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientCommandsTest {
  private static final String SHOP =
      """
      {"id":"shop","authentication":"client_secret","rights":["client_credentials"],"scopes":["a","b"],
       "audiences":["https://x.example"],"token_lifetime_seconds":300,"single_use":false,"sender_constraint":"dpop","enabled":true,"version":7}\
      """;
  private static final String CREATED = "{\"client\":" + SHOP + ",\"secret\":\"ingam_secret\"}";

  @TempDir Path folder;
  private StubServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = new StubServer(folder);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void list_asTable() {
    server.answers("GET /admin/clients", 200, "{\"clients\":[" + SHOP + "]}");
    assertThat(Shell.on(server).run("clients", "list").out())
        .isEqualTo(
            """
            ID    AUTHENTICATION  RIGHTS              AUDIENCES          SCOPES  LIFETIME  SINGLE USE  SENDER CONSTRAINT  ENABLED
            shop  client_secret   client_credentials  https://x.example  a b     5m        no          dpop               yes
            """);
  }

  @Test
  void list_empty_saysWhatToTypeOnStandardError() {
    server.answers("GET /admin/clients", 200, "{\"clients\":[]}");
    var result = Shell.on(server).run("clients", "list");
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("ingam clients create");
  }

  @Test
  void create_showsTheSecretLast() {
    server.answers("POST /admin/clients", 201, CREATED);
    var result =
        Shell.on(server)
            .run(
                "clients",
                "create",
                "shop",
                "--right",
                "client_credentials",
                "--scope",
                "a,b",
                "--audience",
                "https://x.example",
                "--lifetime",
                "5m");
    assertThat(result.code()).isZero();
    assertThat(result.out()).endsWith("\ningam_secret\n");
    assertThat(server.lastCall().body().compact())
        .isEqualTo(
            "{\"id\":\"shop\",\"authentication\":\"client_secret\",\"scopes\":[\"a\",\"b\"],\"audiences\":[\"https://x.example\"],"
                + "\"rights\":[\"client_credentials\"],\"token_lifetime_seconds\":300}");
  }

  @Test
  void create_secretFile_isForItsOwnerAlone() throws IOException {
    server.answers("POST /admin/clients", 201, CREATED);
    var file = folder.resolve("secret");
    var result =
        Shell.on(server)
            .run(
                "clients", "create", "shop", "--right", "ledger", "--secret-file", file.toString());
    assertThat(result.code()).isZero();
    assertThat(result.out()).doesNotContain("ingam_secret");
    assertThat(file).hasContent("ingam_secret\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void create_secretFileExists_makesNoClient() throws IOException {
    var file = Files.writeString(folder.resolve("secret"), "precious");
    var result =
        Shell.on(server)
            .run(
                "clients", "create", "shop", "--right", "ledger", "--secret-file", file.toString());
    assertThat(result.code()).isEqualTo(1);
    assertThat(file).hasContent("precious");
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void create_dryRun_sendsNothing() {
    var result =
        Shell.on(server).run("clients", "create", "shop", "--right", "ledger", "--dry-run");
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("\"shop\"");
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void create_withoutRight() {
    var result = Shell.on(server).run("clients", "create", "shop");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("--right");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "5 minutes", "-5m", "", "99999999999m"})
  void create_badLifetime(String lifetime) {
    var result =
        Shell.on(server)
            .run("clients", "create", "shop", "--right", "ledger", "--lifetime", lifetime);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("such as 5m");
  }

  @Test
  void create_publicKeyInPem_becomesJwkWithItsThumbprint() throws Exception {
    server.answers("POST /admin/clients", 201, "{\"client\":" + SHOP + "}");
    var file = pem("PUBLIC KEY", keys("EC").getPublic().getEncoded());
    var result =
        Shell.on(server)
            .run("clients", "create", "shop", "--right", "ledger", "--key-file", file.toString());
    assertThat(result.code()).as(result.err()).isZero();
    var jwk = server.lastCall().body().get("jwks").get("keys").items().getFirst();
    var parsed = com.nimbusds.jose.jwk.ECKey.parse(jwk.compact());
    assertThat(jwk.get("kid").text()).isEqualTo(parsed.computeThumbprint().toString());
    assertThat(server.lastCall().body().get("authentication").text()).isEqualTo("private_key_jwt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "Ed25519", "RSA"})
  void create_privateKeyInPem_neverLeaves(String kind) throws Exception {
    var file = pem("PRIVATE KEY", keys(kind).getPrivate().getEncoded());
    var result =
        Shell.on(server)
            .run("clients", "create", "shop", "--right", "ledger", "--key-file", file.toString());
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("private key").contains("openssl pkey");
    assertThat(server.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\",\"d\":\"AA\"}",
        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AA\"}]}",
        "{\"keys\":[]}",
        "[]",
        "no key",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
      })
  void create_unfitKeyFile(String content) throws IOException {
    var file = Files.writeString(folder.resolve("key"), content);
    var result =
        Shell.on(server)
            .run("clients", "create", "shop", "--right", "ledger", "--key-file", file.toString());
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("Expected public keys in " + file);
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void update_sendsTheWholeClientWithTheVersionItRead() {
    server
        .answers("GET /admin/clients/shop", 200, SHOP)
        .answers("PUT /admin/clients/shop", 200, SHOP);
    var result = Shell.on(server).run("clients", "update", "shop", "--scope", "c", "--single-use");
    assertThat(result.code()).isZero();
    assertThat(server.lastCall().body().compact())
        .isEqualTo(
            "{\"rights\":[\"client_credentials\"],\"scopes\":[\"c\"],\"audiences\":[\"https://x.example\"],"
                + "\"token_lifetime_seconds\":300,\"single_use\":true,\"sender_constraint\":\"dpop\",\"enabled\":true,\"version\":7}");
  }

  @Test
  void update_emptyList_takesAllAway() {
    server
        .answers("GET /admin/clients/shop", 200, SHOP)
        .answers("PUT /admin/clients/shop", 200, SHOP);
    Shell.on(server).run("clients", "update", "shop", "--scope", "");
    assertThat(server.lastCall().body().get("scopes")).isEqualTo(Json.texts(java.util.List.of()));
  }

  @Test
  void update_nothing() {
    var result = Shell.on(server).run("clients", "update", "shop");
    assertThat(result.code()).isEqualTo(2);
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void create_secretFileInNoFolder_makesNoClient() {
    var file = folder.resolve("none").resolve("secret").toString();
    var result =
        Shell.on(server)
            .run("clients", "create", "shop", "--right", "ledger", "--secret-file", file);
    assertThat(result.code()).isEqualTo(1);
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void secret_asCsv_namesItsClient() {
    server.answers("POST /admin/clients/shop/secret", 200, CREATED);
    assertThat(Shell.on(server).run("clients", "secret", "shop", "-o", "csv").out())
        .isEqualTo("id,secret\r\nshop,ingam_secret\r\n");
  }

  @Test
  void disable_andSecret() {
    server.answers(
        "DELETE /admin/clients/shop", 200, SHOP.replace("\"enabled\":true", "\"enabled\":false"));
    server.answers("POST /admin/clients/shop/secret", 200, CREATED);
    assertThat(Shell.on(server).run("clients", "disable", "shop").out())
        .containsPattern("ENABLED +no");
    assertThat(Shell.on(server).run("clients", "secret", "shop").out())
        .endsWith("\ningam_secret\n");
  }

  @Test
  void id_isOnePartOfThePath() {
    Shell.on(server).run("clients", "show", "../keys?x");
    assertThat(server.lastCall().path()).isEqualTo("/admin/clients/..%2Fkeys%3Fx");
  }

  private Path pem(String label, byte[] encoded) throws IOException {
    var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    return Files.writeString(
        folder.resolve("key.pem"),
        "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(label, body));
  }

  private static java.security.KeyPair keys(String kind) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance(kind);
    if (kind.equals("EC")) {
      generator.initialize(new ECGenParameterSpec("secp256r1"));
    }
    return generator.generateKeyPair();
  }
}
