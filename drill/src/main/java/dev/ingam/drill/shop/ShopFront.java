package dev.ingam.drill.shop;

import dev.ingam.drill.web.HttpDoor;
import dev.ingam.drill.web.HttpDoor.Ask;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The shop behind one gate: believes the gate about who asks, shows that member's page, and counts
/// it before it leaves.
final class ShopFront implements HttpDoor.Handler {
  private final Gate gate;
  private final Members members;
  private final Served served;

  ShopFront(Gate gate, Members members, Served served) {
    this.gate = gate;
    this.members = members;
    this.served = served;
  }

  @Override
  public Reply answer(Ask ask) {
    return switch (gate.decide(ask.method(), ask.path(), ask.header("authorization"))) {
      case Gate.Decision.Allowed(String subject) -> show(ask, subject);
      case Gate.Decision.Refused(int status, String reason) -> refusal(status, reason);
    };
  }

  private Reply show(Ask ask, String subject) {
    var page = Page.find(ask.method(), ask.path());
    var shown = page == null ? null : members.show(subject, page);
    if (shown == null) {
      return HttpDoor.json(404, Json.empty().with("error", "not_found"));
    }
    served.count(subject);
    return HttpDoor.json(200, shown);
  }

  private static Reply refusal(int status, String reason) {
    var body = Json.empty().with("error", "refused").with("reason", reason) + "\n";
    return new Reply(
        status,
        Map.of("content-type", "application/json", "x-ingam-reason", reason),
        body.getBytes(StandardCharsets.UTF_8));
  }
}
