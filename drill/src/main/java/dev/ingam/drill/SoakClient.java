package dev.ingam.drill;

import dev.ingam.drill.shop.LoginSystem;
import dev.ingam.drill.shop.ShopConfig;
import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Reply;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Asks the server's doors, as a machine, as a log-in system and as a proxy. Whatever comes of it,
/// no answer too, is told and not thrown. Safe to call from many threads.
///
/// No question is asked twice unseen: all are POST, which the JDK's client repeats only when
/// `sun.net.http.retryPost` lets it.
final class SoakClient {
  static final String MACHINE = "soak-machine";
  static final String AUDIENCE = "soak";
  static final String PATH = "/soak/things";

  private final HttpCaller http = new HttpCaller();
  private final ShopConfig.Ingam server;
  private final String secret;
  private final LoginSystem logins;

  /// @param config where the server is, and the log-in system's two credentials
  /// @param secret of the client [#MACHINE]
  SoakClient(ShopConfig config, String secret, Clock clock, SecureRandom random) {
    this.server = config.ingam();
    this.secret = secret;
    this.logins = new LoginSystem(http, config, clock, random);
  }

  /// Tells the server of the machine and of what stands behind the gate.
  ///
  /// @return the machine's secret
  static String introduce(IngamServer server) {
    server.post(
        "/admin/routes",
        Json.empty()
            .with("method", "GET")
            .with("path", PATH)
            .with("audience", AUDIENCE)
            .with("data", "internal")
            .with("clients", true));
    var client =
        Json.empty()
            .with("id", MACHINE)
            .with("authentication", "client_secret")
            .with("rights", List.of("client_credentials", "introspection"))
            .with("scopes", List.of("soak"))
            .with("audiences", List.of(AUDIENCE));
    return server.post("/admin/clients", client).text("secret");
  }

  /// A token of the machine for itself.
  Told machineToken() {
    return form("/oauth2/token", Map.of("grant_type", "client_credentials"));
  }

  Told revoke(String token) {
    return form("/oauth2/revoke", Map.of("token", token));
  }

  Told introspect(String token) {
    return form("/oauth2/introspect", Map.of("token", token));
  }

  private Told form(String path, Map<String, String> fields) {
    var form = new HashMap<>(fields);
    form.put("client_id", MACHINE);
    form.put("client_secret", secret);
    return told(() -> http.postForm(server.publicUri().resolve(path), form));
  }

  /// Reports a log-in; the answer has the session.
  Told logIn(String member) {
    return told(() -> logins.report(member));
  }

  /// A token of a member who is logged in.
  Told memberToken(String member, String session) {
    return told(() -> logins.exchange(member, session));
  }

  /// Whether a request with this token may go through.
  Told gate(String method, String path, String token) {
    var question =
        Map.of(
            "X-Forwarded-Method",
            method,
            "X-Forwarded-Uri",
            path,
            "Authorization",
            "Bearer " + token);
    return told(() -> http.post(server.internalUri().resolve("/gate"), question));
  }

  private static Told told(Supplier<Reply> asking) {
    try {
      return Told.of(asking.get());
    } catch (DrillException e) {
      return Told.NOTHING;
    }
  }
}
