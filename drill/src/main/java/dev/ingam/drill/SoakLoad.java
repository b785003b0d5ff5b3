package dev.ingam.drill;

import dev.ingam.drill.shop.Members;
import dev.ingam.drill.shop.Page;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Mixed work on a server in trouble: machines and members get tokens and show them, at once and
/// again later, some buy with a token that buys once, some give one back, and somebody tries tokens
/// that nobody issued. Every answer is held against what was promised.
final class SoakLoad implements AutoCloseable {
  private static final int WORKERS = 8;
  private static final int MEMBERS = 500;
  private static final int PAUSE_MAX_MILLIS = 40;
  private static final int REMEMBERED = 5_000;

  private final SoakClient client;
  private final SoakTally tally;
  private final SoakTroubles troubles;
  private final SteppedClock clock;

  /// To be shown later: good ones, spent ones and ones given back.
  private final BlockingDeque<SoakToken> good = new LinkedBlockingDeque<>(REMEMBERED);

  private final BlockingDeque<SoakToken> spent = new LinkedBlockingDeque<>(REMEMBERED);
  private final BlockingDeque<SoakToken> revoked = new LinkedBlockingDeque<>(REMEMBERED);
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private volatile boolean open = true;
  private final List<Thread> threads;

  /// A question, from when it was asked.
  private record Asked(String what, long begun, Told told) {}

  /// How a question is asked.
  private interface Question {
    Told ask();
  }

  /// A member and the session of his last log-in; owned by one worker.
  private static final class Member {
    private String name = "";
    private @Nullable String session;
  }

  /// They begin at once.
  SoakLoad(
      SoakClient client, SoakTally tally, SoakTroubles troubles, SteppedClock clock, long seed) {
    this.client = client;
    this.tally = tally;
    this.troubles = troubles;
    this.clock = clock;
    this.threads =
        IntStream.rangeClosed(1, WORKERS)
            .mapToObj(worker -> Thread.ofVirtual().start(() -> work(new Random(seed + worker))))
            .toList();
  }

  /// Whether everything is served: a machine and a member get tokens that open something. While the
  /// clock shows again what it has shown, the member is put off, as every client that proves itself
  /// by the time.
  static boolean isServed(SoakClient client, SteppedClock clock) {
    var machine = client.machineToken();
    return machine.isDone()
        && client.gate("GET", SoakClient.PATH, SoakToken.of(machine).text()).isDone()
        && (isMemberServed(client) || clock.isBehindItself());
  }

  private static boolean isMemberServed(SoakClient client) {
    var name = Members.id(MEMBERS + 1);
    var login = client.logIn(name);
    if (!login.isDone()) {
      return false;
    }
    var token = client.memberToken(name, login.body().text("session"));
    var page = Page.PROFILE;
    return token.isDone()
        && client.gate(page.method(), page.path(), SoakToken.of(token).text()).isDone();
  }

  /// Each finishes what he does.
  ///
  /// @throws RuntimeException what ended one of them before
  @Override
  public void close() {
    open = false;
    for (var thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    var failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  private void work(Random random) {
    var member = new Member();
    try {
      while (open) {
        act(random, member);
        IngamServer.pause(random.nextInt(1, PAUSE_MAX_MILLIS));
      }
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  private void act(Random random, Member member) {
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> machine();
      case 3, 4 -> look(random, member);
      case 5, 6 -> buy(random, member);
      case 7 -> giveBack();
      case 8 -> junk(random);
      default -> later(random);
    }
  }

  private void machine() {
    var token = machineToken();
    if (token != null) {
      show(token);
      judge(token, ask("introspection", () -> active(client.introspect(token.text()))));
      remember(good, token);
    }
  }

  private @Nullable SoakToken machineToken() {
    return issued(ask("a token of a machine", client::machineToken));
  }

  private void look(Random random, Member member) {
    var token = memberToken(random, member);
    if (token != null) {
      var page = Page.PROFILE;
      for (int times = random.nextInt(1, 4); times > 0; times--) {
        judge(token, ask("a page", () -> client.gate(page.method(), page.path(), token.text())));
      }
    }
  }

  private @Nullable SoakToken memberToken(Random random, Member member) {
    var session = member.session;
    if (session == null || random.nextInt(10) == 0) {
      member.name = Members.id(1 + random.nextInt(MEMBERS));
      var login = ask("a log-in", () -> client.logIn(member.name));
      session = done(login) ? login.told().body().text("session") : null;
      member.session = session;
    }
    if (session == null) {
      return null;
    }
    var known = session;
    return issued(ask("a member's token", () -> client.memberToken(member.name, known)));
  }

  /// Two ask at the same moment for what the token buys; one gets it.
  private void buy(Random random, Member member) {
    var token = memberToken(random, member);
    if (token == null) {
      return;
    }
    var other = new AtomicReference<@Nullable Asked>();
    var rival = Thread.ofVirtual().start(() -> other.set(order(token)));
    var one = order(token);
    try {
      rival.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    var two = other.get();
    if (two != null) {
      bought(token, one, two);
    }
    remember(spent, token);
  }

  private Asked order(SoakToken token) {
    var page = Page.ORDER;
    return ask("an order", () -> client.gate(page.method(), page.path(), token.text()));
  }

  /// Who got no answer may have bought; else exactly one did.
  private void bought(SoakToken token, Asked one, Asked two) {
    var unknown = one.told().isNothing() || two.told().isNothing();
    for (var each : List.of(one, two)) {
      if (each.told().isDone()) {
        tally.redeemedOnce(token.serial());
      }
    }
    for (var each : List.of(one, two)) {
      var told = each.told();
      if (told.reason().equals("already_redeemed") && (unknown || tally.isSpent(token.serial()))) {
        tally.refused(told.reason());
      } else if (!told.isDone()) {
        refused(token, each);
      }
    }
  }

  private void giveBack() {
    var token = machineToken();
    if (token != null && done(ask("a revocation", () -> client.revoke(token.text())))) {
      showRevoked(token);
      remember(revoked, token);
    }
  }

  private void showRevoked(SoakToken token) {
    var asked = gate("a revoked token", token.text());
    if (asked.told().isDone()) {
      tally.revokedAccepted();
    } else if (asked.told().reason().equals("revoked")) {
      tally.refused("revoked");
    } else {
      refused(token, asked);
    }
  }

  private void junk(Random random) {
    var token = good.peekFirst();
    var text =
        switch (token == null ? 2 : random.nextInt(3)) {
          case 0 -> token.resigned();
          case 1 -> token.renamed();
          default -> "no.such.token" + random.nextInt();
        };
    var asked = gate("junk", text);
    if (asked.told().isDone()) {
      tally.junkAccepted();
    } else if (asked.told().isNothing() || asked.told().isWithheld()) {
      putOff(asked);
    } else {
      tally.refused("junk " + asked.told().reason());
    }
  }

  /// What was good, spent or given back still is, whatever happened meanwhile.
  private void later(Random random) {
    switch (random.nextInt(3)) {
      case 0 -> again(good, this::show);
      case 1 -> again(revoked, this::showRevoked);
      default -> again(spent, this::spendAgain);
    }
  }

  private void spendAgain(SoakToken token) {
    var asked = order(token);
    if (asked.told().isDone()) {
      tally.redeemedOnce(token.serial());
    } else if (asked.told().reason().equals("already_redeemed")) {
      tally.refused("already_redeemed");
    } else {
      refused(token, asked);
    }
  }

  private void show(SoakToken token) {
    judge(token, gate("a machine's request", token.text()));
  }

  private Asked gate(String what, String token) {
    return ask(what, () -> client.gate("GET", SoakClient.PATH, token));
  }

  /// An honest token that is shown.
  private void judge(SoakToken token, Asked asked) {
    if (asked.told().isDone()) {
      tally.redeemed();
    } else {
      refused(token, asked);
    }
  }

  private void refused(SoakToken token, Asked asked) {
    var reason = asked.told().reason();
    if (token.isRightlyRefused(reason, clock.instant())
        || (reason.equals("inactive") && isOver(token))) {
      tally.refused(reason);
    } else {
      putOff(asked);
    }
  }

  private boolean isOver(SoakToken token) {
    var now = clock.instant();
    return token.isRightlyRefused("expired", now) || token.isRightlyRefused("not_yet_valid", now);
  }

  private @Nullable SoakToken issued(Asked asked) {
    if (!done(asked)) {
      return null;
    }
    tally.issued();
    return SoakToken.of(asked.told());
  }

  private boolean done(Asked asked) {
    if (!asked.told().isDone()) {
      putOff(asked);
    }
    return asked.told().isDone();
  }

  /// Put off is who is told 503, or nothing, while something is the matter. While the clock moves
  /// or shows again what it has shown, who proves himself by the time is put off too.
  private void putOff(Asked asked) {
    var told = asked.told();
    var excused = troubles.excuse(asked.begun());
    var later = told.isNothing() || told.isWithheld();
    if ((excused && (later || clock.hasJustMoved())) || (later && clock.isBehindItself())) {
      tally.withheld(told.reason());
    } else {
      tally.broken(asked.what(), told);
    }
  }

  private Asked ask(String what, Question question) {
    var begun = System.nanoTime();
    return new Asked(what, begun, question.ask());
  }

  private static Told active(Told told) {
    return told.isDone() && !told.body().flag("active")
        ? new Told(401, "inactive", told.body())
        : told;
  }

  private void again(BlockingDeque<SoakToken> tokens, Consumer<SoakToken> showing) {
    var token = tokens.pollFirst();
    if (token != null) {
      showing.accept(token);
      if (clock.instant().isBefore(token.expiresAt())) {
        remember(tokens, token);
      }
    }
  }

  /// The oldest gives way.
  private static void remember(BlockingDeque<SoakToken> tokens, SoakToken token) {
    while (!tokens.offerLast(token)) {
      tokens.pollFirst();
    }
  }
}
