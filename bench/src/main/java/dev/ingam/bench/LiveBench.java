package dev.ingam.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// `/gate` and `POST /oauth2/token` of a server whose ledger holds millions of live tokens, beside
/// those of a server with ten thousand.
///
/// Tokens live for 15 minutes at most, so the many are issued as fast as the machine can, by the
/// token endpoint, and measured before the first of them expires. Both servers run all the time and
/// are loaded in turns. The gate gets tokens drawn from all over the time of the filling, in random
/// order, so each is looked up in another place of another book.
final class LiveBench implements Bench {
  private static final double WANTED = 0.75;
  private static final int FEW = 10_000;
  private static final int QUICK_MANY = 300_000;
  private static final int DRAWN_A_STEP = 10_000;
  private static final double STEP_SECONDS = 20;
  private static final double QUICK_STEP_SECONDS = 3;
  private static final Timing FULL = new Timing(1, 10, 3, 8);
  private static final Timing QUICK = new Timing(1, 3, 1, 3);
  private static final int WARM_UP_SECONDS = 15;

  /// The shortest life that a client's tokens may have.
  private static final int BRIEF_SECONDS = 30;

  private final Path home;

  LiveBench(Path home) {
    this.home = home;
  }

  @Override
  public String method(Setting setting) {
    return String.format(
        Locale.ROOT,
        "nothing pinned; two servers in turns; %d connections, %s; client_credentials with a client secret, and a"
            + " route whose tokens may be presented again; %s",
        Wrk.CONNECTIONS,
        setting.tls() ? "TLS" : "plain HTTP",
        timing(setting).text());
  }

  @Override
  public void expectTools() {
    Wrk.expectInstalled();
    ServerProcess.expectLauncher(home);
  }

  private static Timing timing(Setting setting) {
    return setting.quick() ? QUICK : FULL;
  }

  private static int wanted(Setting setting) {
    var asked = setting.live().getLast();
    return setting.quick() ? Math.min(asked, QUICK_MANY) : asked;
  }

  @Override
  public List<Figure> run(Setting setting) throws Exception {
    var nowhere = new Pinning(false);
    var transport = Transport.of(home, setting);
    var wrk = Wrk.in(setting.folder(), nowhere);
    try (var http = transport.client();
        var small = ServerProcess.start(home, folder(setting, "few"), nowhere, transport);
        var large = ServerProcess.start(home, folder(setting, "many"), nowhere, transport)) {
      var few = Crowd.few(small, http, wrk);
      var many = Crowd.many(large, http, wrk);
      few.warmUp(setting.quick() ? 1 : WARM_UP_SECONDS);
      many.fill(setting);
      return measure(setting, many, few);
    }
  }

  private static Path folder(Setting setting, String name) throws IOException {
    return Files.createDirectory(setting.folder().resolve(name));
  }

  private static List<Figure> measure(Setting setting, Crowd many, Crowd few) throws Exception {
    var rounds = new HttpRounds(timing(setting), many.server, setting.progress());
    var gate =
        rounds.measure(
            many.side("/gate", (round, seconds) -> many.present(seconds)),
            few.side("/gate beside it", (round, seconds) -> few.present(seconds)));
    var issue =
        rounds.measure(
            many.side("/oauth2/token", (round, seconds) -> many.issue(seconds)),
            few.side("/oauth2/token beside it", (round, seconds) -> few.issue(seconds)));
    var live = many.live.at(System.nanoTime());
    return List.of(
        figure("live.gate.rate", "requests/s", gate, "a server with " + FEW + " live tokens"),
        figure(
            "live.issue.rate",
            "tokens/s",
            issue,
            "a server whose tokens live for " + BRIEF_SECONDS + " s"),
        Figure.plain(
                "live.tokens",
                "tokens",
                (double) live,
                "not yet expired in the ledger after the last round, at least")
            .toReach(new Target.AtLeast(wanted(setting))));
  }

  private static Figure figure(
      String name, String unit, HttpRounds.Measured measured, String beside) {
    var rates = measured.rates();
    return Figure.plain(
            name,
            unit,
            rates.oursMedian(),
            rates.spread() + "; " + measured.cpu() + "; " + measured.latency())
        .against(beside, rates.limitMedian())
        .toReach(new Target.ShareOfLimit(WANTED));
  }

  /// A server, the tokens that live in it, and those of them that the gate is shown.
  ///
  /// @param issuing the client of the rounds at the token endpoint
  /// @param lasting the client whose tokens stay live
  private record Crowd(
      ServerProcess server,
      Wrk wrk,
      Installed issuing,
      Installed lasting,
      LiveTokens live,
      Path drawn) {
    /// At its gate these few live alone. Its token endpoint is measured with tokens of the shortest
    /// life there is: some hundred thousand of them live at a time.
    static Crowd few(ServerProcess server, HttpClient http, Wrk wrk) throws Exception {
      var lasting = Installed.on(server, http);
      var brief = Installed.client(server, http, "brief", BRIEF_SECONDS);
      var crowd = of(server, wrk, brief, lasting);
      crowd.mint(crowd.drawn, FEW);
      return crowd;
    }

    static Crowd many(ServerProcess server, HttpClient http, Wrk wrk) throws Exception {
      var lasting = Installed.on(server, http);
      return of(server, wrk, lasting, lasting);
    }

    private static Crowd of(ServerProcess server, Wrk wrk, Installed issuing, Installed lasting) {
      var live = new LiveTokens(Installed.LIFETIME_SECONDS);
      return new Crowd(server, wrk, issuing, lasting, live, server.folder().resolve("tokens"));
    }

    void warmUp(int seconds) throws Exception {
      issue(seconds).clean("the token endpoint");
      present(seconds).clean("the gate");
    }

    /// Issues until as many live as were asked for, or the first expire; some of each step are
    /// kept.
    void fill(Setting setting) throws Exception {
      var wanted = wanted(setting);
      var step = setting.quick() ? QUICK_STEP_SECONDS : STEP_SECONDS;
      var begin = System.nanoTime();
      var kept = new ArrayList<String>();
      while (live.at(System.nanoTime()) < wanted
          && secondsSince(begin) < Installed.LIFETIME_SECONDS) {
        var begun = System.nanoTime();
        live.issued(begun, issue(step).clean("the token endpoint").requests() + DRAWN_A_STEP);
        mint(drawn, DRAWN_A_STEP);
        kept.addAll(Files.readAllLines(drawn));
        setting
            .progress()
            .say(String.format(Locale.ROOT, "live: %,d of %,d tokens", live.at(begun), wanted));
      }
      Collections.shuffle(kept, new Random(1));
      Files.write(drawn, kept);
    }

    private static double secondsSince(long nanos) {
      return (System.nanoTime() - nanos) / 1e9;
    }

    private void mint(Path file, int tokens) throws Exception {
      new TokenMint(server.publicUri("/oauth2/token"), server.transport(), lasting)
          .mint(file, tokens);
    }

    HttpRounds.Side side(String what, HttpRounds.Load load) {
      return new HttpRounds.Side(what, server.process(), load);
    }

    WrkResult issue(double seconds) throws Exception {
      return wrk.post(
          server.publicUri("/oauth2/token"), Installed.FORM, issuing.authorization(), seconds);
    }

    WrkResult present(double seconds) throws Exception {
      return wrk.presentAgain(server.internalUri("/gate"), drawn, Installed.CATALOG, seconds);
    }
  }
}
