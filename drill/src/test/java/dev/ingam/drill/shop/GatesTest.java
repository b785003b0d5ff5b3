package dev.ingam.drill.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.Es256Key;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.HttpDoor;
import dev.ingam.drill.web.HttpDoor.Ask;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Reply;
import dev.ingam.testkit.SettableClock;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatesTest {
  private final SettableClock clock = SettableClock.at("2026-11-23T00:00:00Z");
  private final Es256Key key = Es256Key.generate(new SecureRandom());
  private final ConcurrentLinkedQueue<Ask> asked = new ConcurrentLinkedQueue<>();
  private volatile Reply reply = HttpDoor.json(200, key.jwkSet());
  private final HttpDoor ingam =
      HttpDoor.open(ask -> {
        asked.add(ask);
        return reply;
      });
  private final HttpCaller http = new HttpCaller();

  @AfterEach
  void close() {
    ingam.close();
  }

  @Test
  void signatureOnly_believesASignature() {
    assertThat(signatureOnly("m-000007", 60)).isEqualTo(new Gate.Decision.Allowed("m-000007"));
  }

  @Test
  void signatureOnly_refusesTheExpired() {
    assertThat(signatureOnly("m-000007", 0)).isEqualTo(new Gate.Decision.Refused(401, "expired"));
  }

  @Test
  void signatureOnly_keepsAKeyThatHasLeftTheSet() {
    var gate = new SignatureOnlyGate(http, ingam.uri(), clock);
    gate.fetch();
    reply = HttpDoor.json(200, Es256Key.generate(new SecureRandom()).jwkSet());
    gate.fetch();
    assertThat(gate.decide("GET", "/", "Bearer " + token(key, "m-000001", 60)))
        .isInstanceOf(Gate.Decision.Allowed.class);
  }

  @Test
  void signatureOnly_refusesEveryOtherKeyAndWhatIsNoToken() {
    var gate = new SignatureOnlyGate(http, ingam.uri(), clock);
    var other = token(Es256Key.generate(new SecureRandom()), "m-000001", 60);
    var good = token(key, "m-000001", 60);
    var changed = good.substring(0, good.length() - 8) + "AAAAAAAA";
    for (var authorization :
        new String[] {
          "", "Basic x", "Bearer ", "Bearer a.b.c", "Bearer " + other, "Bearer " + changed
        }) {
      assertThat(gate.decide("GET", "/", authorization))
          .as(authorization)
          .isInstanceOf(Gate.Decision.Refused.class);
    }
  }

  @Test
  void signatureOnly_withoutAKeySetIsNoGate() {
    var gate = new SignatureOnlyGate(http, ingam.uri(), clock);
    for (var answer :
        List.of(
            new Reply(503, Map.of(), new byte[0]),
            HttpDoor.json(200, Json.empty().with("keys", "none")))) {
      reply = answer;
      assertThatThrownBy(gate::fetch)
          .isInstanceOf(DrillException.class)
          .hasMessageContaining("the public JWK set");
    }
  }

  @Test
  void ingam_isAskedAsAProxyAsks() {
    reply = new Reply(200, Map.of("X-Ingam-Subject", "m-000003"), new byte[0]);
    var gate = new IngamGate(http, ingam.uri());
    assertThat(gate.decide("POST", "/my/orders", "Bearer x"))
        .isEqualTo(new Gate.Decision.Allowed("m-000003"));
    var ask = asked.remove();
    assertThat(ask.path()).isEqualTo("/gate");
    assertThat(ask.header("x-forwarded-method")).isEqualTo("POST");
    assertThat(ask.header("x-forwarded-uri")).isEqualTo("/my/orders");
    assertThat(ask.header("authorization")).isEqualTo("Bearer x");
  }

  @Test
  void ingam_isObeyed() {
    reply = new Reply(401, Map.of("X-Ingam-Reason", "not_issued"), new byte[0]);
    var gate = new IngamGate(http, ingam.uri());
    assertThat(gate.decide("GET", "/", "Bearer x"))
        .isEqualTo(new Gate.Decision.Refused(401, "not_issued"));
    reply = new Reply(503, Map.of("X-Ingam-Subject", "m-000001"), new byte[0]);
    assertThat(gate.decide("GET", "/", "Bearer x"))
        .isEqualTo(new Gate.Decision.Refused(503, "refused"));
  }

  @Test
  void ingam_withoutASubjectIsARefusal() {
    reply = new Reply(200, Map.of(), new byte[0]);
    assertThat(new IngamGate(http, ingam.uri()).decide("GET", "/", "Bearer x"))
        .isEqualTo(new Gate.Decision.Refused(502, "refused"));
  }

  private Gate.Decision signatureOnly(String member, int seconds) {
    var gate = new SignatureOnlyGate(http, ingam.uri(), clock);
    return gate.decide("GET", "/my/profile", "Bearer " + token(key, member, seconds));
  }

  private String token(Es256Key by, String member, int seconds) {
    var expiry = clock.instant().getEpochSecond() + seconds;
    return by.jwt("at+jwt", Json.empty().with("sub", member).with("exp", expiry));
  }
}
