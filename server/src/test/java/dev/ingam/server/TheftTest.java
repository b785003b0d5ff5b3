package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.ClientRight;
import dev.ingam.keys.KeyLifecycle;
import dev.ingam.server.AdminServer.Answer;
import dev.ingam.testkit.Until;
import dev.ingam.wire.Base64Url;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// A theft as the operator sees it: proven, told, taken up, and told again when it goes on.
class TheftTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir static Path folder;
  private static AdminServer server;
  private static String honest;

  @BeforeAll
  static void start() throws IOException {
    server = AdminServer.start(folder);
    var secret =
        server.server().client("shop", ClientRight.CLIENT_CREDENTIALS, false, Set.of("orders"));
    honest = server.server().clientToken("shop", secret);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// What a thief of the active key can sign.
  private static String forged(String serial) {
    var keyring = server.server().bean(KeyLifecycle.class).keyring();
    var active = keyring.active("access");
    var parts = honest.split("\\.");
    var header =
        text(parts[0]).replaceAll("\"kid\":\"[^\"]+\"", "\"kid\":\"" + active.kid() + "\"");
    var claims = text(parts[1]).replaceAll("\"jti\":\"[^\"]+\"", "\"jti\":\"" + serial + "\"");
    var input = encoded(header) + "." + encoded(claims);
    var signature = keyring.sign(active, input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + Base64Url.encode(signature);
  }

  private static String text(String part) {
    return new String(Base64Url.decode(part), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return Base64Url.encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void isRefused(String token) {
    var answer =
        server.post("/admin/tokens/verify", "{\"token\":\"" + token + "\",\"audience\":\"shop\"}");
    assertThat(answer.body().path("reason").asString()).isEqualTo("not_issued");
  }

  private static List<String> problems() {
    return StreamSupport.stream(
            server.get("/admin/status").body().path("problems").spliterator(), false)
        .map(each -> each.path("code").asString())
        .toList();
  }

  private static void becomesOk() {
    Until.isTrue("nothing needs a person", PATIENCE, () -> problems().isEmpty());
    assertThat(server.get("/admin/status").body().path("state").asString()).isEqualTo("ok");
  }

  private static Answer acknowledge(String kid, String why) {
    return server.post("/admin/proofs/" + kid + "/acknowledge", "{\"why\":\"" + why + "\"}");
  }

  private static String activeKid() {
    return server.get("/admin/status").body().path("keys").path(0).path("kid").asString();
  }

  private static JsonNode proof() {
    return server.get("/admin/proofs").body().path("proofs").path(0);
  }

  private static List<String> events(String schema, String type) {
    var events = server.get("/admin/events?limit=1000&schema=" + schema).body().path("events");
    return StreamSupport.stream(events.spliterator(), false)
        .filter(each -> each.path("type").asString().equals(type))
        .map(each -> each.path("actor").asString() + " " + each.path("body").path("why").asString())
        .toList();
  }

  @Test
  void theft_provenTakenUpAndGoingOn() {
    becomesOk();
    var stolen = activeKid();
    var first = forged("AAAAAQAAAAIAAAAAAAAAAw");
    var second = forged("AAAAAQAAAAMAAAAAAAAAAw");
    assertThat(acknowledge(stolen, "too early").status()).isEqualTo(409);

    isRefused(first);
    Until.isTrue("it alarms", PATIENCE, () -> problems().contains("domain_condemned"));
    assertThat(problems()).contains("theft_proven");
    assertThat(proof().has("acknowledged_at")).isFalse();

    var done = acknowledge(stolen, "laptop found");
    assertThat(done.status()).as(done.description()).isEqualTo(200);
    assertThat(done.body().path("acknowledged").path(0).path("forged_tokens").asInt()).isEqualTo(1);
    becomesOk();
    assertThat(proof().path("acknowledged_by").asString()).isEqualTo("root");
    assertThat(proof().path("acknowledged_why").asString()).isEqualTo("laptop found");
    assertThat(events("issuance", "theft_acknowledged")).containsExactly("root laptop found");
    assertThat(events("keys", "domain.acknowledged")).containsExactly("root laptop found");

    isRefused(second);
    assertThat(problems()).containsExactly("theft_proven");
    var all = server.post("/admin/proofs/acknowledge", "{\"why\":\"his server is off\"}");
    assertThat(all.body().path("acknowledged").path(0).path("kid").asString()).isEqualTo(stolen);
    becomesOk();
    assertThat(proof().path("acknowledged_tokens").asInt()).isEqualTo(2);
    assertThat(
            server.post("/admin/proofs/acknowledge", "{\"why\":\"x\"}").body().path("acknowledged"))
        .isEmpty();
    domainCondemnedByHand_isTakenUpToo();
  }

  private static void domainCondemnedByHand_isTakenUpToo() {
    var suspect = activeKid();
    server.post("/admin/keys/" + suspect + "/taint", "{\"why\":\"left in a backup\"}");
    Until.isTrue("it alarms", PATIENCE, () -> problems().contains("domain_condemned"));
    var done = acknowledge(suspect, "backup destroyed");
    assertThat(done.body().path("acknowledged").path(0).path("forged_tokens").asInt(-1)).isZero();
    becomesOk();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/admin/proofs/none/acknowledge", "/admin/proofs/acknowledge"})
  void acknowledge_withoutReason(String path) {
    for (var body : List.of("{}", "{\"why\":\"\"}", "{\"why\":\"a\\nb\"}")) {
      assertThat(server.post(path, body).status()).isEqualTo(400);
    }
  }

  @Test
  void acknowledge_unknownKey() {
    assertThat(acknowledge("none", "x").status()).isEqualTo(404);
  }
}
