package dev.ingam.drill;

import dev.ingam.drill.shop.Members;
import dev.ingam.drill.shop.Page;
import dev.ingam.drill.shop.Passwords;
import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.Json;
import dev.ingam.wire.CompactJws;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
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

  /// One more member, who logs in now and then asks for a fresh token whenever told to; answers
  /// which key signed it, or null when none came. His requests count as everybody's.
  Supplier<@Nullable String> freshKid() {
    var visit = logIn(COUNT);
    if (visit == null) {
      throw new DrillException("the shop lets nobody log in: " + counts.refusals());
    }
    return () -> {
      var token = freshToken(visit);
      return token == null ? null : kid(token);
    };
  }

  /// Each finishes what he does.
  @Override
  public void close() {
    open = false;
    threads.forEach(Shoppers::join);
  }

  private void shop(int shopper) {
    Visit visit = null;
    while (open) {
      try {
        visit = visit(shopper, visit);
      } catch (DrillException e) {
        counts.failed(e.getMessage());
        visit = null;
      }
    }
  }

  /// One round through the shop; the visit that goes on, null when the next one logs in anew.
  private @Nullable Visit visit(int shopper, @Nullable Visit before) {
    think();
    if (before == null || clock.instant().isAfter(before.useUntil())) {
      return logIn(shopper);
    }
    for (var page : List.of(Page.PROFILE, Page.ADDRESSES, Page.PROFILE)) {
      look(before, page, before.token());
    }
    buy(before);
    var loyal = shopper % 2 == 0;
    if (!loyal) {
      think();
      post("/logout", session(before));
    }
    return loyal ? before : null;
  }

  private @Nullable Visit logIn(int shopper) {
    var member =
        Members.id(1 + (shopper * 7919 + ThreadLocalRandom.current().nextInt(accounts)) % accounts);
    var body = Json.empty().with("member", member).with("password", passwords.of(member));
    var answer = token("/login", body);
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

  private void buy(Visit visit) {
    think();
    var token = freshToken(visit);
    if (token != null) {
      look(visit, Page.ORDER, token);
    }
  }

  private @Nullable String freshToken(Visit visit) {
    var answer = token("/token", session(visit));
    return answer == null ? null : answer.text("access_token");
  }

  private static Json session(Visit visit) {
    return Json.empty().with("session", visit.session());
  }

  private void look(Visit visit, Page page, String token) {
    think();
    var uri = doors.behindIngam().resolve(page.path());
    var bearer = HttpCaller.bearer(token);
    var reply = page.method().equals("GET") ? http.get(uri, bearer) : http.post(uri, bearer);
    counts.page(visit.member(), kid(token), reply);
  }

  /// Asks for what brings a token; null when it was refused.
  private @Nullable Json token(String path, Json body) {
    var gone = counts.goneKey();
    var answer = post(path, body);
    if (answer != null) {
      counts.token(kid(answer.text("access_token")), gone);
    }
    return answer;
  }

  private @Nullable Json post(String path, Json body) {
    var reply = http.post(doors.login().resolve(path), Map.of(), body);
    counts.login(path, reply);
    return reply.ok() ? Json.read(reply.body(), "the shop's " + path) : null;
  }

  private static String kid(String token) {
    var jws = CompactJws.read(token);
    var kid = jws == null ? null : jws.kid();
    if (kid == null) {
      throw new DrillException("the shop's token names no key");
    }
    return kid;
  }

  private static void think() {
    IngamServer.pause(ThreadLocalRandom.current().nextInt(THINK_MIN_MILLIS, THINK_MAX_MILLIS));
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
