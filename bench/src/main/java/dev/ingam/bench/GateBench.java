package dev.ingam.bench;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

/// `/gate` of the real server beside a handler of the same Jetty that only verifies, and
/// introspection beside `/gate`. Every token is issued by that server and presented once.
final class GateBench implements Bench {
  private static final double WANTED = 0.80;
  private static final double WANTED_MEGABYTES = 400;
  private static final double LEAST_TOKENS_A_SECOND = 15_000;

  private final Path home;

  GateBench(Path home) {
    this.home = home;
  }

  @Override
  public String method(Setting setting) {
    return Pinning.here().text()
        + "; "
        + Wrk.CONNECTIONS
        + " connections, "
        + (setting.tls() ? "TLS" : "plain HTTP")
        + "; every token presented once at a single-use route; "
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
    setting.progress().say("gate: starting a server, " + pinning.text());
    var transport = Transport.of(home, setting);
    try (var http = transport.client();
        var server = ServerProcess.start(home, setting.folder(), pinning, transport)) {
      var installed = Installed.on(server, http);
      var mint = new TokenMint(server.publicUri("/oauth2/token"), transport, installed);
      var keySet = Installed.keySet(server, http).toString();
      var token = mint.mint(setting.folder().resolve("token"), 1);
      var kid = TokenMint.kid(Files.readString(token).strip());
      try (var bare = BareProcess.start(server, List.of("verify", keySet, kid))) {
        var supply = new Supply(setting, mint, wrk, tokensASecond(pinning));
        var rounds = new HttpRounds(setting.overHttp(), server, setting.progress());
        var limit =
            new HttpRounds.Side(
                "the bare handler",
                bare.process(),
                (round, seconds) -> supply.presentFresh(bare.uri(), round, seconds));
        return measure(rounds, limit, server, supply, installed);
      }
    }
  }

  private static List<Figure> measure(
      HttpRounds rounds,
      HttpRounds.Side limit,
      ServerProcess server,
      Supply supply,
      Installed installed)
      throws Exception {
    var gate = server.internalUri("/gate");
    var door = server.publicUri("/oauth2/introspect");
    var authorization = installed.authorization();
    return figures(
        rounds.measure(
            new HttpRounds.Side(
                "/gate", server.process(), (round, seconds) -> supply.present(gate, seconds)),
            limit),
        rounds.measure(
            new HttpRounds.Side(
                "/oauth2/introspect",
                server.process(),
                (round, seconds) -> supply.introspect(door, authorization, seconds)),
            limit));
  }

  /// Tokens made ready for a second of load: as many as the server's cores verify when they do
  /// nothing else, which no server reaches. Where others use the machine meanwhile that is measured
  /// too low.
  private static double tokensASecond(Pinning pinning) throws GeneralSecurityException {
    var most = Crypto.best().verificationsASecond() * pinning.serverCores();
    return Math.max(LEAST_TOKENS_A_SECOND, most);
  }

  private static List<Figure> figures(
      HttpRounds.Measured measured, HttpRounds.Measured introspection) {
    var rates = measured.rates();
    var asked = introspection.rates();
    return List.of(
        Figure.plain(
                "gate.rate",
                "requests/s",
                rates.oursMedian(),
                rates.spread() + "; " + measured.cpu() + "; " + measured.latency())
            .against("a bare handler of the same Jetty that only verifies", rates.limitMedian())
            .toReach(new Target.ShareOfLimit(WANTED)),
        Figure.plain(
                "introspect.rate",
                "requests/s",
                asked.oursMedian(),
                asked.spread() + "; " + introspection.cpu() + "; " + introspection.latency())
            .against("/gate in the same run", rates.oursMedian())
            .toReach(new Target.ShareOfLimit(1)),
        Figure.plain(
                "gate.memory.anonymous",
                "MB",
                measured.most().anonymous(),
                "of the server's JVM, the most after any round, issuing between rounds included")
            .toReach(new Target.AtMost(WANTED_MEGABYTES)));
  }

  /// Tokens for one round, minted before it; both sides get the same, ours last.
  private static final class Supply {
    private final Setting setting;
    private final TokenMint mint;
    private final Wrk wrk;
    private final double tokensASecond;
    private final Path file;

    Supply(Setting setting, TokenMint mint, Wrk wrk, double tokensASecond) {
      this.setting = setting;
      this.mint = mint;
      this.wrk = wrk;
      this.tokensASecond = tokensASecond;
      file = setting.folder().resolve("tokens");
    }

    WrkResult presentFresh(URI uri, int round, double seconds) throws Exception {
      Files.deleteIfExists(file);
      var tokens = (int) Math.ceil(seconds * tokensASecond);
      setting.progress().say("gate: " + tokens + " tokens for round " + (round + 1));
      mint.mint(file, tokens);
      return present(uri, seconds);
    }

    WrkResult introspect(URI uri, String authorization, double seconds) throws Exception {
      return wrk.introspect(uri, file, authorization, seconds);
    }

    WrkResult present(URI uri, double seconds) throws Exception {
      return wrk.present(uri, file, Installed.PATH, seconds);
    }
  }
}
