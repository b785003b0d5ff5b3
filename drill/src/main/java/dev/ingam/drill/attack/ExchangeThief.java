package dev.ingam.drill.attack;

import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Reply;
import dev.ingam.drill.web.TokenEndpoint;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Holds the credential that exchanges tokens and the key that signs what is exchanged, and no
/// log-in session. Tries every way to do without.
final class ExchangeThief {
  private static final String INTERNAL = "urn:ingam:internal";
  private static final int FULL_TRY_EVERY = 100;

  private final AttackConfig.Login login;
  private final HttpCaller http;
  private final Clock clock;
  private final SecureRandom random;
  private final TokenEndpoint publicDoor;
  private final TokenEndpoint internalDoor;
  private final LongAdder tokens = new LongAdder();

  ExchangeThief(AttackConfig.Login login, HttpCaller http, Clock clock, SecureRandom random) {
    this.login = login;
    this.http = http;
    this.clock = clock;
    this.random = random;
    this.publicDoor = new TokenEndpoint(http, login.publicUri(), login.issuer(), clock, random);
    this.internalDoor = new TokenEndpoint(http, login.internalUri(), login.issuer(), clock, random);
  }

  /// How many tokens he got, whatever they are good for.
  long tokens() {
    return tokens.sum();
  }

  /// A token about a member who is logged in, or null. What a member's session is called he has to
  /// guess, to leave out, or to take from the `sid` of his own token; every hundredth time he tries
  /// the other doors as well.
  @Nullable String token(String member, int number, String sidOfOwnToken, Loot loot) {
    var session =
        switch (number % 3) {
          case 0 -> null;
          case 1 -> guess();
          default -> sidOfOwnToken;
        };
    var token = taken(exchange(internalDoor, member, session), loot);
    if (token == null && number % FULL_TRY_EVERY == 0) {
      token = taken(exchange(publicDoor, member, session), loot);
    }
    return token == null && number % FULL_TRY_EVERY == 0 ? withOwnSession(member, loot) : token;
  }

  /// Opens a session for the member with the credential that exchanges, which must not be able to.
  private @Nullable String withOwnSession(String member, Loot loot) {
    var asked = publicDoor.clientCredentials(login.exchange(), INTERNAL, "ingam:login-events");
    var caller = taken(asked, loot);
    var event =
        Json.empty()
            .with("subject", member)
            .with("time", clock.instant().toString())
            .with("method", "password")
            .with("source", "127.0.0.1");
    var headers = caller == null ? Map.<String, String>of() : HttpCaller.bearer(caller);
    var opened = http.post(login.internalUri().resolve("/events/login"), headers, event);
    var answer = opened.ok() ? Json.readOrNull(opened.body()) : null;
    var session = answer == null ? null : answer.textOrNull("session");
    if (session == null) {
      loot.refused("status_" + opened.status());
      return null;
    }
    return taken(exchange(internalDoor, member, session), loot);
  }

  private Reply exchange(TokenEndpoint door, String member, @Nullable String session) {
    var subjectToken = login.upstream().subjectToken(member, session, login.issuer(), clock);
    return door.exchange(login.exchange(), subjectToken, "shop", "shop");
  }

  private @Nullable String taken(Reply reply, Loot loot) {
    var answer = Json.readOrNull(reply.body());
    var token = reply.ok() && answer != null ? answer.textOrNull("access_token") : null;
    if (token == null) {
      var error = answer == null ? null : answer.textOrNull("error");
      loot.refused(error == null ? "status_" + reply.status() : error);
    } else {
      tokens.increment();
    }
    return token;
  }

  private String guess() {
    var bytes = new byte[16];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
