package dev.ingam.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Honest requests while others flood the same door, beside the same without the flood.
///
/// Nothing is pinned: a flood comes to a machine, not to a core. Those who send share its cores
/// with the server, and the honest rate without a flood has what they do not take.
final class FloodBench implements Bench {
  private static final int FLOOD_A_SECOND = 10_000;
  private static final int HONEST_A_SECOND = 2_000;
  private static final double WANTED = 0.75;
  private static final double WANTED_MEGABYTES = 64;
  private static final double WANTED_SECONDS = 1;
  private static final double WANTED_WAIT_SECONDS = 0.5;
  private static final double WANTED_THREADS = 8;
  private static final int HONEST_TOKENS = 2_000;
  private static final int HOSTILE_TOKENS_OF_A_KIND = 4_000;
  private static final int GUESSERS = 1_000;
  private static final int SLOW_CLIENTS = 200;
  private static final int SLOW_SECONDS = 5;

  private final Path home;
  private final Clock clock;

  FloodBench(Path home, Clock clock) {
    this.home = home;
    this.clock = clock;
  }

  @Override
  public String method(Setting setting) {
    return String.format(
        Locale.ROOT,
        "nothing pinned; %d honest connections at full speed, beside them %,d wrong requests a second"
            + " at their own pace; %s",
        Wrk.CONNECTIONS,
        FLOOD_A_SECOND,
        setting.overHttp().text());
  }

  @Override
  public void expectTools() {
    Wrk.expectInstalled();
    ServerProcess.expectLauncher(home);
  }

  @Override
  public List<Figure> run(Setting setting) throws Exception {
    var nowhere = new Pinning(false);
    var transport = Transport.of(home, setting);
    try (var http = transport.client();
        var server = ServerProcess.start(home, setting.folder(), nowhere, transport)) {
      var installed = Installed.on(server, http);
      var run = new Run(setting, server, Wrk.in(setting.folder(), nowhere), installed);
      var figures = new ArrayList<Figure>();
      figures.addAll(run.gate(http, clock));
      figures.add(run.tokenEndpoint());
      figures.add(run.slowClients());
      return figures;
    }
  }

  /// One server under flood after flood.
  private record Run(Setting setting, ServerProcess server, Wrk wrk, Installed installed) {
    /// Tokens of all hostile kinds at the gate, as a proxy passes them on.
    List<Figure> gate(HttpClient http, Clock clock) throws Exception {
      var gate = server.internalUri("/gate");
      var tokens =
          new TokenMint(server.publicUri("/oauth2/token"), server.transport(), installed)
              .mint(setting.folder().resolve("tokens"), HONEST_TOKENS);
      var honest = Files.readAllLines(tokens).getFirst();
      var hostile = new HostileTokens(server, clock).make(honest, HOSTILE_TOKENS_OF_A_KIND);
      var flood = flood(gate, hostile.stream().map(token -> question(gate, token)).toList());
      var stolen = new KeyWatch(server, http, TokenMint.kid(honest));
      var before = megabytes(setting.folder().resolve("data"));
      HttpRounds.Load present =
          (round, seconds) -> wrk.presentAgain(gate, tokens, Installed.CATALOG, seconds);
      var measured =
          measure(
              "/gate",
              present,
              (round, seconds) -> {
                stolen.begin();
                return flood.during(() -> present.run(round, seconds));
              });
      var paced = paced(gate, Files.readAllLines(tokens), flood);
      var grown = megabytes(setting.folder().resolve("data")) - before;
      return List.of(
          figure("flood.gate.rate", measured, flood),
          paced,
          replaced(stolen),
          elsewhere(stolen),
          disk(grown, flood));
    }

    private static Figure replaced(KeyWatch stolen) throws InterruptedException {
      return Figure.plain(
              "flood.replaced",
              "s",
              stolen.seconds(),
              "from the first forgery of the stolen key to a public key set without it, in the"
                  + " first flood after the start")
          .toReach(new Target.AtMost(WANTED_SECONDS));
    }

    private static Figure elsewhere(KeyWatch watch) {
      var seconds = watch.longestWait();
      return Figure.plain(
              "flood.elsewhere",
              "s",
              seconds,
              String.format(
                  Locale.ROOT,
                  "the slowest of %,d answers of the public listener, one after the other, through all"
                      + " rounds of the gate, which stands on the internal one",
                  watch.asked()))
          .toReach(new Target.AtMost(WANTED_WAIT_SECONDS));
    }

    private static Figure disk(double megabytes, PacedLoad flood) {
      var refusals =
          String.format(
              Locale.ROOT, "more in the data folder after %,d refusals", flood.answered());
      return Figure.plain("flood.disk", "MB", megabytes, refusals)
          .toReach(new Target.AtMost(WANTED_MEGABYTES));
    }

    /// Honest questions at a fifth of what the gate can do, which leaves it time.
    private Figure paced(URI gate, List<String> honest, PacedLoad flood) throws Exception {
      var questions = honest.stream().map(token -> question(gate, token)).toList();
      var alone = new PacedLoad(server.transport(), gate.getPort(), questions, HONEST_A_SECOND);
      var flooded = new PacedLoad(server.transport(), gate.getPort(), questions, HONEST_A_SECOND);
      for (int i = 0; i < setting.overHttp().rounds(); i++) {
        alone.during(this::roundOver);
        flooded.during(() -> flood.during(this::roundOver));
      }
      return Figure.plain(
              "flood.gate.paced",
              "requests/s",
              flooded.cleanPerSecond(),
              String.format(
                  Locale.ROOT,
                  "%,d honest a second at their own pace; in the flood %s; without %s",
                  HONEST_A_SECOND,
                  flooded.latency(),
                  alone.latency()))
          .against("the same server without a flood", alone.cleanPerSecond())
          .toReach(new Target.ShareOfLimit(WANTED));
    }

    private Boolean roundOver() throws InterruptedException {
      Thread.sleep(Math.round(setting.overHttp().seconds() * 1000));
      return true;
    }

    /// Guesses of a client's secret from many addresses, as a proxy on this host passes them on.
    Figure tokenEndpoint() throws Exception {
      var door = server.publicUri("/oauth2/token");
      var guesses = new ArrayList<byte[]>();
      for (int i = 0; i < GUESSERS; i++) {
        guesses.add(guess(door, i));
      }
      var flood = flood(door, guesses);
      HttpRounds.Load issue =
          (round, seconds) -> wrk.post(door, Installed.FORM, installed.authorization(), seconds);
      var measured =
          measure(
              "POST /oauth2/token",
              issue,
              (round, seconds) -> flood.during(() -> issue.run(round, seconds)));
      return figure("flood.issue.rate", measured, flood);
    }

    /// Connections that hold on to a request for some seconds.
    Figure slowClients() throws Exception {
      var before = threads();
      var most = before;
      var standing = 0;
      var door = server.publicUri("/oauth2/token");
      try (var clients = SlowClients.at(server.transport(), door.getPort(), SLOW_CLIENTS)) {
        for (int i = 0; i < SLOW_SECONDS; i++) {
          Thread.sleep(1000);
          standing = clients.drip();
          most = Math.max(most, threads());
        }
      }
      return Figure.plain(
              "flood.slow.threads",
              "threads",
              most - before,
              String.format(
                  Locale.ROOT,
                  "of the platform, more than %d without; %d of %d slow clients still stood after %d s",
                  before,
                  standing,
                  SLOW_CLIENTS,
                  SLOW_SECONDS))
          .toReach(new Target.AtMost(WANTED_THREADS));
    }

    private int threads() throws IOException {
      try (var tasks =
          Files.list(Path.of("/proc", Long.toString(server.process().pid()), "task"))) {
        return (int) tasks.count();
      }
    }

    private PacedLoad flood(URI door, List<byte[]> messages) {
      return new PacedLoad(server.transport(), door.getPort(), messages, FLOOD_A_SECOND);
    }

    private HttpRounds.Measured measure(
        String what, HttpRounds.Load honest, HttpRounds.Load flooded) throws Exception {
      return new HttpRounds(setting.overHttp(), server, setting.progress())
          .measure(
              new HttpRounds.Side(what + " in a flood", server.process(), flooded),
              new HttpRounds.Side("without one", server.process(), honest));
    }
  }

  private static Figure figure(String name, HttpRounds.Measured measured, PacedLoad flood) {
    var rates = measured.rates();
    return Figure.plain(
            name,
            "requests/s",
            rates.oursMedian(),
            rates.spread() + "; " + flood.text() + "; " + measured.latency())
        .against("the same server without a flood", rates.limitMedian())
        .toReach(new Target.ShareOfLimit(WANTED));
  }

  private static byte[] question(URI gate, String token) {
    return String.format(
            Locale.ROOT,
            """
            GET %s HTTP/1.1\r
            Host: %s\r
            X-Forwarded-Method: GET\r
            X-Forwarded-Uri: %s\r
            Authorization: Bearer %s\r
            \r
            """,
            gate.getPath(),
            gate.getAuthority(),
            Installed.CATALOG,
            token)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] guess(URI door, int guesser) {
    var form = "grant_type=client_credentials&client_id=bench&client_secret=guess-" + guesser;
    return String.format(
            Locale.ROOT,
            """
            POST %s HTTP/1.1\r
            Host: %s\r
            X-Forwarded-For: 10.0.%d.%d\r
            Content-Type: application/x-www-form-urlencoded\r
            Content-Length: %d\r
            \r
            %s\
            """,
            door.getPath(),
            door.getAuthority(),
            guesser / 250,
            guesser % 250,
            form.length(),
            form)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /// Of all files below.
  private static double megabytes(Path folder) throws IOException {
    var bytes = 0L;
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        bytes += bytes(file);
      }
    }
    return bytes / 1e6;
  }

  /// None of a file that went meanwhile.
  private static long bytes(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException gone) {
      return 0;
    }
  }
}
