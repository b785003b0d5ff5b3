package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginEventsTest {
  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  private static final Caller CALLER =
      new Caller("login-system", Set.of(Internal.LOGIN_EVENTS_SCOPE));

  private static final String GOOD =
      """
      {"subject":"kim","time":"2026-11-23T18:00:00+09:00","method":"otp","source":"203.0.113.7"}
      """;

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

  private LoginEvents.Answer login(String body) {
    return house.issuance.logins().login(CALLER, body.getBytes(StandardCharsets.UTF_8));
  }

  private LoginEvents.Answer logout(String body) {
    return house.issuance.logins().logout(CALLER, body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void login_answersTheSessionAfterCommit() {
    var answer = login(GOOD);

    assertThat(answer.status()).isEqualTo(201);
    assertThat(JsonObject.read(answer.json()).string("session")).hasSize(22);
    assertThat(JsonObject.read(answer.json()).string("expires_at"))
        .isEqualTo("2026-11-23T21:00:00Z");
    assertThat(count("session")).isEqualTo(1);
    assertThat(house.issuance.events().after(0, 10)).extracting("type").contains("session_opened");
  }

  private long count(String table) {
    return DATABASE
        .ownerClient()
        .sql("select count(*) from issuance." + table)
        .query(Long.class)
        .single();
  }

  @Test
  void idAndSubject_areInNoEvent() {
    var session = JsonObject.read(login(GOOD).json()).string("session");

    for (var event : house.issuance.events().after(0, 10)) {
      assertThat(new String(event.canonical(), StandardCharsets.UTF_8))
          .doesNotContain(session)
          .doesNotContain("kim");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"subject\":\"kim\"}",
        "{\"subject\":1,\"time\":\"2026-11-23T09:00:00Z\",\"method\":\"otp\",\"source\":\"x\"}",
        "{\"subject\":\"\",\"time\":\"2026-11-23T09:00:00Z\",\"method\":\"otp\",\"source\":\"x\"}",
        "{\"subject\":\"kim \",\"time\":\"2026-11-23T09:00:00Z\",\"method\":\"otp\",\"source\":\"x\"}",
        "{\"subject\":\"client:x\",\"time\":\"2026-11-23T09:00:00Z\",\"method\":\"otp\",\"source\":\"x\"}",
        "{\"subject\":\"kim\",\"time\":\"yesterday\",\"method\":\"otp\",\"source\":\"x\"}",
        "{\"subject\":\"kim\",\"time\":\"2026-11-23T08:54:00Z\",\"method\":\"otp\",\"source\":\"x\"}",
        "{\"subject\":\"kim\",\"time\":\"2026-11-23T09:02:00Z\",\"method\":\"otp\",\"source\":\"x\"}",
        "{\"subject\":\"kim\",\"time\":\"2026-11-23T09:00:00Z\",\"method\":\"O T P\",\"source\":\"x\"}",
        "{\"subject\":\"kim\",\"time\":\"2026-11-23T09:00:00Z\",\"method\":\"otp\",\"source\":\"\"}",
        "{\"subject\":\"kim\",\"time\":\"2026-11-23T09:00:00Z\",\"method\":\"otp\",\"source\":\"x\",\"a\":1}",
        "{\"subject\":\"kim\",\"subject\":\"lee\",\"time\":\"2026-11-23T09:00:00Z\",\"method\":\"o\",\"source\":\"x\"}"
      })
  void badEvent_opensNothing(String body) {
    var answer = login(body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(JsonObject.read(answer.json()).string("error")).isEqualTo("invalid_request");
    assertThat(count("session")).isZero();
  }

  @Test
  void hugeEvent_isRefused() {
    assertThat(login(" ".repeat(LoginEvents.MAX_BODY) + GOOD).status()).isEqualTo(400);
  }

  @Test
  void withdrawnSubject_opensNothing() {
    login(GOOD);
    DATABASE.ownerClient().sql("update issuance.subject set withdrawn_at = now()").update();

    assertThat(login(GOOD).status()).isEqualTo(400);
    assertThat(count("session")).isEqualTo(1);
  }

  @Test
  void logout_endsOnceAndStaysEnded() {
    var session = JsonObject.read(login(GOOD).json()).string("session");
    var body = "{\"session\":\"" + session + "\"}";

    assertThat(logout(body).status()).isEqualTo(204);
    assertThat(logout(body).status()).isEqualTo(204);
    assertThat(house.issuance.events().after(0, 10))
        .extracting("type")
        .containsExactly("session_opened", "session_ended");
  }

  @Test
  void logoutOfNothing_isToldApart() {
    assertThat(logout("{\"session\":\"AAAAAAAAAAAAAAAAAAAAAA\"}").status()).isEqualTo(404);
    assertThat(logout("{\"session\":\"x\"}").status()).isEqualTo(404);
    assertThat(logout("{\"session\":1}").status()).isEqualTo(400);
    assertThat(logout("{}").status()).isEqualTo(400);
  }

  @Test
  void databaseAway_answersTryAgain() {
    DATABASE.ownerClient().sql("alter table issuance.session rename to gone").update();
    try {
      assertThat(login(GOOD).status()).isEqualTo(503);
    } finally {
      DATABASE.ownerClient().sql("alter table issuance.gone rename to session").update();
    }
  }
}
