package dev.ingam.drill.shop;

import dev.ingam.drill.web.HttpCaller;
import java.net.URI;
import java.util.Map;

/// Ingam's gate, asked about each request as a proxy asks with forward authentication.
final class IngamGate implements Gate {
  private final HttpCaller http;
  private final URI gate;

  IngamGate(HttpCaller http, URI internal) {
    this.http = http;
    this.gate = internal.resolve("/gate");
  }

  @Override
  public Decision decide(String method, String path, String authorization) {
    var asked = Map.of("X-Forwarded-Method", method, "X-Forwarded-Uri", path);
    var reply =
        http.get(
            gate,
            authorization.isEmpty()
                ? asked
                : Map.of(
                    "X-Forwarded-Method",
                    method,
                    "X-Forwarded-Uri",
                    path,
                    "Authorization",
                    authorization));
    var subject = reply.header("x-ingam-subject");
    if (reply.status() == 200 && subject != null) {
      return new Decision.Allowed(subject);
    }
    var reason = reply.header("x-ingam-reason");
    var status = reply.status() < 400 ? 502 : reply.status();
    return new Decision.Refused(status, reason == null ? "refused" : reason);
  }
}
