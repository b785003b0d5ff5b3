package dev.ingam.drill.shop;

import dev.ingam.drill.web.HttpDoor;
import dev.ingam.drill.web.HttpDoor.Ask;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Reply;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What a shopper sees of the log-in system: `POST /login`, `POST /token` for a fresh token while
/// logged in, `POST /logout`. Ingam's session id stays in here; the shopper gets a session id of
/// the shop.
final class LoginDoor implements HttpDoor.Handler {
  private final LoginSystem login;
  private final Members members;
  private final Passwords passwords;
  private final SecureRandom random;
  private final Map<String, LoggedIn> sessions = new ConcurrentHashMap<>();

  private record LoggedIn(String member, String ingamSession) {}

  LoginDoor(LoginSystem login, Members members, Passwords passwords, SecureRandom random) {
    this.login = login;
    this.members = members;
    this.passwords = passwords;
    this.random = random;
  }

  @Override
  public Reply answer(Ask ask) {
    var body = Json.readOrNull(ask.body());
    if (!ask.method().equals("POST") || body == null) {
      return refused(400, "expected POST with a JSON object");
    }
    return switch (ask.path()) {
      case "/login" -> login(body);
      case "/token" -> token(body);
      case "/logout" -> logout(body);
      default -> refused(404, "expected /login, /token or /logout");
    };
  }

  private Reply login(Json body) {
    var member = body.textOrNull("member");
    var password = body.textOrNull("password");
    if (member == null || password == null) {
      return refused(400, "expected member and password");
    }
    if (members.number(member) == null || !passwords.match(member, password)) {
      return refused(401, "no such member with that password");
    }
    var loggedIn = new LoggedIn(member, login.loggedIn(member));
    var id = randomId();
    sessions.put(id, loggedIn);
    return answer(loggedIn, id);
  }

  private Reply token(Json body) {
    var id = body.textOrNull("session");
    var loggedIn = find(id);
    return loggedIn == null || id == null ? refused(401, "not logged in") : answer(loggedIn, id);
  }

  private Reply logout(Json body) {
    var id = body.textOrNull("session");
    var loggedIn = id == null ? null : sessions.remove(id);
    if (loggedIn == null) {
      return refused(401, "not logged in");
    }
    login.loggedOut(loggedIn.ingamSession());
    return HttpDoor.json(200, Json.empty().with("logged_out", true));
  }

  private @Nullable LoggedIn find(@Nullable String id) {
    return id == null ? null : sessions.get(id);
  }

  private Reply answer(LoggedIn loggedIn, String id) {
    var token = login.token(loggedIn.member(), loggedIn.ingamSession());
    return HttpDoor.json(
        200,
        Json.empty()
            .with("session", id)
            .with("access_token", token.text("access_token"))
            .with("expires_in", token.number("expires_in")));
  }

  private String randomId() {
    var bytes = new byte[16];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static Reply refused(int status, String why) {
    return HttpDoor.json(status, Json.empty().with("error", why));
  }
}
