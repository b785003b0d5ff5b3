package dev.ingam.drill.shop;

import dev.ingam.drill.web.Crew;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.HttpDoor;
import dev.ingam.drill.web.Json;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;

/// The sample shop with its doors open: the log-in system, the shop behind Ingam's gate, the same
/// shop behind the gate of 2025, and the books: how many personal pages of whom went out behind
/// which gate.
final class Shop implements AutoCloseable {
  private static final int PARALLEL_LOGINS = 8;

  private final HttpDoor behindIngam;
  private final HttpDoor behindSignatureOnly;
  private final HttpDoor books;

  /// The two gates and the counts behind them.
  record Gates(Gate ingam, Gate signatureOnly) {}

  Shop(Members members, Gates gates) {
    var servedByIngam = new Served();
    var servedBySignatureOnly = new Served();
    this.behindIngam = HttpDoor.open(new ShopFront(gates.ingam(), members, servedByIngam));
    this.behindSignatureOnly =
        HttpDoor.open(new ShopFront(gates.signatureOnly(), members, servedBySignatureOnly));
    this.books =
        HttpDoor.open(ask ->
            HttpDoor.json(
                200,
                Json.empty()
                    .with("ingam", servedByIngam.toJson())
                    .with("signature_only", servedBySignatureOnly.toJson())));
  }

  URI behindIngam() {
    return behindIngam.uri();
  }

  URI behindSignatureOnly() {
    return behindSignatureOnly.uri();
  }

  URI books() {
    return books.uri();
  }

  /// The log-in system's door. Every member has logged in once when it opens, so that Ingam knows
  /// each of them and each has a live session while the attack runs.
  static HttpDoor openLogin(HttpCaller http, ShopConfig config, Clock clock, SecureRandom random) {
    var login = new LoginSystem(http, config, clock, random);
    try (var crew = new Crew(PARALLEL_LOGINS)) {
      crew.each(config.accounts(), number -> login.loggedIn(Members.id(number)));
    }
    var members = new Members(config.accounts());
    return HttpDoor.open(new LoginDoor(login, members, config.passwords(), random));
  }

  @Override
  public void close() {
    behindIngam.close();
    behindSignatureOnly.close();
    books.close();
  }
}
