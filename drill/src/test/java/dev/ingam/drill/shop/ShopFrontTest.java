package dev.ingam.drill.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.drill.web.HttpDoor.Ask;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Reply;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShopFrontTest {
  private final Served served = new Served();
  private Gate.Decision decision = new Gate.Decision.Allowed("m-000002");
  private final ShopFront front =
      new ShopFront((method, path, authorization) -> decision, new Members(3), served);

  @Test
  void answer_thePageOfTheOneWhoAsks() {
    var profile = ask("GET", "/my/profile");
    assertThat(profile.status()).isEqualTo(200);
    assertThat(Json.read(profile.body(), "the shop").text("member")).isEqualTo("m-000002");
    assertThat(
            Json.read(ask("GET", "/my/delivery-addresses").body(), "the shop").objects("addresses"))
        .hasSize(2);
    assertThat(ask("POST", "/my/orders").status()).isEqualTo(200);
    assertThat(served.toJson().numbers()).isEqualTo(Map.of("m-000002", 3L));
  }

  @Test
  void answer_aRefusalWithItsReason() {
    decision = new Gate.Decision.Refused(401, "not_issued");
    var reply = ask("GET", "/my/profile");
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.header("x-ingam-reason")).isEqualTo("not_issued");
    assertThat(served.toJson().members()).isEmpty();
  }

  @Test
  void answer_nothingThatDoesNotExist() {
    assertThat(ask("GET", "/").status()).isEqualTo(404);
    assertThat(ask("POST", "/my/profile").status()).isEqualTo(404);
    for (var nobody :
        new String[] {"m-000004", "m-2", "client:shop", "", "m-9999999", "m-00000x"}) {
      decision = new Gate.Decision.Allowed(nobody);
      assertThat(ask("GET", "/my/profile").status()).as(nobody).isEqualTo(404);
    }
    assertThat(served.toJson().members()).isEmpty();
  }

  private Reply ask(String method, String path) {
    return front.answer(new Ask(method, path, Map.of("authorization", "Bearer x"), new byte[0]));
  }
}
