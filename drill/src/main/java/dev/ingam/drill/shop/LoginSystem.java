package dev.ingam.drill.shop;

import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Reply;
import dev.ingam.drill.web.TokenEndpoint;
import dev.ingam.verifier.CallerToken;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Clock;

/// The shop's log-in system towards Ingam: tells it of each log-in with one credential, exchanges
/// its own signed word for a token with another. Safe to call from many threads.
public final class LoginSystem {
  /// What its tokens are for.
  static final String AUDIENCE = "shop";

  static final String SCOPE = "shop";

  private final HttpCaller http;
  private final ShopConfig config;
  private final Clock clock;
  private final CallerToken callerToken;
  private final TokenEndpoint internalDoor;

  public LoginSystem(HttpCaller http, ShopConfig config, Clock clock, SecureRandom random) {
    this.http = http;
    this.config = config;
    this.clock = clock;
    this.callerToken =
        new CallerToken(
            config.publicUri().resolve("/oauth2/token"),
            config.loginEvents().at(config.issuer(), random),
            "ingam:login-events",
            HttpClient.newHttpClient(),
            clock);
    this.internalDoor =
        new TokenEndpoint(http, config.internalUri(), config.issuer(), clock, random);
  }

  /// Tells Ingam that this member has logged in; the answer alone carries the session id.
  String loggedIn(String member) {
    return report(member).expect("a log-in event").text("session");
  }

  /// What Ingam answers to the log-in of this member.
  public Reply report(String member) {
    var event =
        Json.empty()
            .with("subject", member)
            .with("time", clock.instant().toString())
            .with("method", "password")
            .with("source", "127.0.0.1");
    return post("/events/login", event);
  }

  void loggedOut(String session) {
    post("/events/logout", Json.empty().with("session", session)).expect("a log-out event");
  }

  /// A token for a member who is logged in.
  Json token(String member, String session) {
    return exchange(member, session).expect("the exchange of a subject token");
  }

  /// What Ingam answers when a token for this member is asked for.
  public Reply exchange(String member, String session) {
    var subjectToken = config.upstream().subjectToken(member, session, config.issuer(), clock);
    return internalDoor.exchange(config.exchange(), subjectToken, AUDIENCE, SCOPE);
  }

  private Reply post(String path, Json body) {
    var bearer = callerToken.current();
    if (bearer == null) {
      throw new DrillException("Ingam gives the log-in system no caller token");
    }
    URI uri = config.internalUri().resolve(path);
    return http.post(uri, HttpCaller.bearer(bearer), body);
  }
}
