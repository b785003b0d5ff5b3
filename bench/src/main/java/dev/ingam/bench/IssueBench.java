package dev.ingam.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `POST /oauth2/token` of the real server beside a handler of the same Jetty that only signs; the
/// memory of the server under that load; and how soon it is there again after a stop.
final class IssueBench implements Bench {
  private static final double WANTED = 0.75;
  private static final double WANTED_MEGABYTES = 400;
  private static final double WANTED_SECONDS = 5;
  private static final int STARTS = 3;

  private final Path home;

  IssueBench(Path home) {
    this.home = home;
  }

  @Override
  public String method(Setting setting) {
    return Pinning.here().text()
        + "; "
        + Wrk.CONNECTIONS
        + " connections, "
        + (setting.tls() ? "TLS" : "plain HTTP")
        + "; client_credentials with a client secret; "
        + setting.overHttp().text();
  }

  @Override
  public void expectTools() {
    Wrk.expectInstalled();
    ServerProcess.expectLauncher(home);
  }

  @Override
  public List<Figure> run(Setting setting) throws Exception {
    var pinning = Pinning.here();
    var wrk = Wrk.in(setting.folder(), pinning);
    var figures = new ArrayList<Figure>();
    var transport = Transport.of(home, setting);
    try (var http = transport.client()) {
      setting.progress().say("issue: starting a server, " + pinning.text());
      Installed installed;
      try (var server = ServerProcess.start(home, setting.folder(), pinning, transport)) {
        installed = Installed.on(server, http);
        figures.addAll(load(setting, server, wrk, installed));
      }
      var startup = new Startup(home, setting.folder(), transport, http);
      figures.addAll(starts(setting, startup, installed));
    }
    return figures;
  }

  private static List<Figure> load(
      Setting setting, ServerProcess server, Wrk wrk, Installed installed) throws Exception {
    var uri = server.publicUri("/oauth2/token");
    var form = Installed.FORM;
    var authorization = installed.authorization();
    try (var bare = BareProcess.start(server, List.of("sign"))) {
      var measured =
          new HttpRounds(setting.overHttp(), server, setting.progress())
              .measure(
                  new HttpRounds.Side(
                      "POST /oauth2/token",
                      server.process(),
                      (round, seconds) -> wrk.post(uri, form, authorization, seconds)),
                  new HttpRounds.Side(
                      "the bare handler",
                      bare.process(),
                      (round, seconds) -> wrk.post(bare.uri(), form, authorization, seconds)));
      return figures(measured, server);
    }
  }

  private static List<Figure> figures(HttpRounds.Measured measured, ServerProcess server) {
    var rates = measured.rates();
    return List.of(
        Figure.plain(
                "issue.rate",
                "tokens/s",
                rates.oursMedian(),
                rates.spread() + "; " + measured.cpu() + "; " + measured.latency())
            .against("a bare handler of the same Jetty that only signs", rates.limitMedian())
            .toReach(new Target.ShareOfLimit(WANTED)),
        Figure.plain(
                "issue.memory.anonymous",
                "MB",
                measured.most().anonymous(),
                "of the server's JVM, the most after any round")
            .toReach(new Target.AtMost(WANTED_MEGABYTES)),
        Figure.plain(
            "issue.memory.mapped",
            "MB",
            measured.most().file(),
            "of the server's JVM: books, journals, jars, libraries"),
        Figure.plain(
            "issue.memory.postgres",
            "MB",
            server.databaseMegabytes(),
            "all its processes, shared pages counted once"));
  }

  private static List<Figure> starts(Setting setting, Startup startup, Installed installed)
      throws Exception {
    var starts = setting.quick() ? 1 : STARTS;
    setting.progress().say("issue: " + starts + " starts on the same data folder");
    var both = new double[starts];
    var pinned = new double[starts];
    for (int i = 0; i < starts; i++) {
      both[i] = startup.firstToken(new Pinning(false), installed);
      pinned[i] = startup.firstToken(Pinning.here(), installed);
    }
    return List.of(
        Figure.plain(
                "issue.start",
                "s",
                Numbers.median(both),
                "from `ingam serve` on an existing data folder to the first token")
            .toReach(new Target.AtMost(WANTED_SECONDS)),
        Figure.plain(
            "issue.start.onecore",
            "s",
            Numbers.median(pinned),
            "the same with server and PostgreSQL on one core"));
  }
}
