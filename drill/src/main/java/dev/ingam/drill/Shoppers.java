package dev.ingam.drill;

import dev.ingam.drill.shop.Members;
import dev.ingam.drill.shop.Page;
import dev.ingam.drill.shop.Passwords;
import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Reply;
import dev.ingam.wire.CompactJws;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Honest members who log in and use the shop behind Ingam's gate all the while. Half of them hold
/// on to the token of their first log-in for as long as it lasts; the others log in again and
/// again. Both buy: with a fresh token, which buys once.
final class Shoppers implements AutoCloseable {
  private static final int COUNT = 12;
  private static final int THINK_MIN_MILLIS = 30;
  private static final int THINK_MAX_MILLIS = 90;

  private final HttpCaller http;
  private final Doors doors;
  private final Passwords passwords;
  private final int accounts;
  private final Clock clock;
  private final ShopperCounts counts = new ShopperCounts();
  private volatile boolean open = true;
  private final List<Thread> threads;

  /// Where the shop is.
  record Doors(URI login, URI behindIngam) {}

  /// A log-in and the token that came with it.
  private record Visit(String member, String session, String token, Instant useUntil) {}

  /// They begin at once.
  Shoppers(HttpCaller http, Doors doors, Passwords passwords, int accounts, Clock clock) {
    this.http = http;
    this.doors = doors;
    this.passwords = passwords;
    this.accounts = accounts;
    this.clock = clock;
    this.threads =
        IntStream.range(0, COUNT)
            .mapToObj(each -> Thread.ofVirtual().start(() -> shop(each)))
            .toList();
  }

  ShopperCounts counts() {
    return counts;
  }

  static int count() {
    return COUNT;
  }

  /// Each finishes what he does.
  @Override
  public void close() {
    open = false;
    threads.forEach(Shoppers::join);
  }

  private void shop(int shopper) {
    var loyal = shopper % 2 == 0;
    var visit = logIn(shopper);
    while (open) {
      if (visit == null || clock.instant().isAfter(visit.useUntil())) {
        visit = logIn(shopper);
        continue;
      }
      browse(visit);
      buy(visit);
      if (!loyal) {
        logOut(visit);
        visit = null;
      }
    }
  }

  private @Nullable Visit logIn(int shopper) {
    var member =
        Members.id(1 + (shopper * 7919 + ThreadLocalRandom.current().nextInt(accounts)) % accounts);
    var body = Json.empty().with("member", member).with("password", passwords.of(member));
    var answer = login("/login", body);
    if (answer == null) {
      return null;
    }
    var lasts = answer.number("expires_in") * 4 / 5;
    return new Visit(
        member,
        answer.text("session"),
        answer.text("access_token"),
        clock.instant().plusSeconds(lasts));
  }

  private void browse(Visit visit) {
    for (var page : List.of(Page.PROFILE, Page.ADDRESSES, Page.PROFILE)) {
      look(visit, page, visit.token());
    }
  }

  private void buy(Visit visit) {
    var answer = login("/token", Json.empty().with("session", visit.session()));
    if (answer != null) {
      look(visit, Page.ORDER, answer.text("access_token"));
    }
  }

  private void logOut(Visit visit) {
    login("/logout", Json.empty().with("session", visit.session()));
  }

  private void look(Visit visit, Page page, String token) {
    think();
    var uri = doors.behindIngam().resolve(page.path());
    var bearer = HttpCaller.bearer(token);
    try {
      var reply = page.method().equals("GET") ? http.get(uri, bearer) : http.post(uri, bearer);
      counts.page(visit.member(), kid(token), reply);
    } catch (DrillException e) {
      counts.failed(e.getMessage());
    }
  }

  private @Nullable Json login(String path, Json body) {
    think();
    try {
      Reply reply = http.post(doors.login().resolve(path), Map.of(), body);
      counts.login(path, reply);
      return reply.ok() ? Json.readOrNull(reply.body()) : null;
    } catch (DrillException e) {
      counts.failed(e.getMessage());
      return null;
    }
  }

  private static String kid(String token) {
    var jws = CompactJws.read(token);
    var kid = jws == null ? null : jws.kid();
    return kid == null ? "" : kid;
  }

  private static void think() {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(THINK_MIN_MILLIS, THINK_MAX_MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
