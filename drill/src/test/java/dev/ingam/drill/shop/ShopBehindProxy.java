package dev.ingam.drill.shop;

import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.HttpDoor;
import dev.ingam.drill.web.HttpDoor.Ask;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Reply;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;

/// The sample shop as an application behind a reverse proxy: it asks nobody, and believes the
/// identity headers of whoever reaches its port.
public final class ShopBehindProxy implements AutoCloseable {
  private final Members members;
  private final Served served = new Served();
  private final HttpDoor front = HttpDoor.open(this::answer);
  private final HttpDoor login;

  public ShopBehindProxy(ShopConfig config, Clock clock) {
    this.members = new Members(config.accounts());
    this.login = Shop.openLogin(new HttpCaller(), config, clock, new SecureRandom());
  }

  public int port() {
    return front.uri().getPort();
  }

  public URI login() {
    return login.uri();
  }

  /// Pages that left, by member.
  public Json served() {
    return served.toJson();
  }

  @Override
  public void close() {
    front.close();
    login.close();
  }

  private Reply answer(Ask ask) {
    var subject = ask.header("x-ingam-subject");
    var decision =
        subject.isEmpty()
            ? new Gate.Decision.Refused(500, "nobody")
            : new Gate.Decision.Allowed(subject);
    return new ShopFront((method, path, token) -> decision, members, served).answer(ask);
  }
}
