package dev.ingam.drill.shop;

import dev.ingam.drill.web.ClientCredential;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Reply;
import dev.ingam.drill.web.TokenEndpoint;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;

/// The shop's log-in system towards Ingam: tells it of each log-in with one credential, exchanges
/// its own signed word for a token with another. Safe to call from many threads.
final class LoginSystem {
  /// What its tokens are for.
  static final String AUDIENCE = "shop";

  static final String SCOPE = "shop";
  private static final long RENEW_SECONDS = 60;

  private final HttpCaller http;
  private final ShopConfig config;
  private final Clock clock;
  private final TokenEndpoint publicDoor;
  private final TokenEndpoint internalDoor;

  /// Guarded by this.
  private String callerToken = "";

  /// Guarded by this.
  private Instant renewAt = Instant.MIN;

  LoginSystem(HttpCaller http, ShopConfig config, Clock clock, SecureRandom random) {
    this.http = http;
    this.config = config;
    this.clock = clock;
    this.publicDoor = new TokenEndpoint(http, config.publicUri(), config.issuer(), clock, random);
    this.internalDoor =
        new TokenEndpoint(http, config.internalUri(), config.issuer(), clock, random);
  }

  /// Tells Ingam that this member has logged in; the answer alone carries the session id.
  String loggedIn(String member) {
    var event =
        Json.empty()
            .with("subject", member)
            .with("time", clock.instant().toString())
            .with("method", "password")
            .with("source", "127.0.0.1");
    return post("/events/login", event).expect("a log-in event").text("session");
  }

  void loggedOut(String session) {
    post("/events/logout", Json.empty().with("session", session)).expect("a log-out event");
  }

  /// A token for a member who is logged in.
  Json token(String member, String session) {
    var subjectToken = config.upstream().subjectToken(member, session, config.issuer(), clock);
    return internalDoor
        .exchange(config.exchange(), subjectToken, AUDIENCE, SCOPE)
        .expect("the exchange of a subject token");
  }

  private Reply post(String path, Json body) {
    URI uri = config.internalUri().resolve(path);
    return http.post(uri, HttpCaller.bearer(callerToken()), body);
  }

  private synchronized String callerToken() {
    if (!clock.instant().isBefore(renewAt)) {
      ClientCredential client = config.loginEvents();
      var reply =
          publicDoor
              .clientCredentials(client, "urn:ingam:internal", "ingam:login-events")
              .expect("a caller token");
      callerToken = reply.text("access_token");
      renewAt = clock.instant().plusSeconds(reply.number("expires_in") - RENEW_SECONDS);
    }
    return callerToken;
  }
}
