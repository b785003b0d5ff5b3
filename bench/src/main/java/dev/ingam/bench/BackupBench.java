package dev.ingam.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/// `POST /oauth2/token` while one backup after the other is taken of the same server, beside the
/// same without.
final class BackupBench implements Bench {
  private static final double WANTED = 0.9;

  private final Path home;

  BackupBench(Path home) {
    this.home = home;
  }

  @Override
  public String method(Setting setting) {
    return Pinning.here().text()
        + "; "
        + Wrk.CONNECTIONS
        + " connections; client_credentials with a client secret; "
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
    var transport = Transport.of(home, setting);
    try (var http = transport.client();
        var server = ServerProcess.start(home, setting.folder(), pinning, transport)) {
      var authorization = Installed.on(server, http).authorization();
      var backups =
          new Backups(http, server.adminUri("/admin/backup"), "Bearer " + server.rootCredential());
      var uri = server.publicUri("/oauth2/token");
      HttpRounds.Load load =
          (round, seconds) -> wrk.post(uri, Installed.FORM, authorization, seconds);
      var measured =
          new HttpRounds(setting.overHttp(), server, setting.progress())
              .measure(
                  new HttpRounds.Side(
                      "POST /oauth2/token during a backup",
                      server.process(),
                      (round, seconds) -> backups.during(() -> load.run(round, seconds))),
                  new HttpRounds.Side("without one", server.process(), load));
      return figures(measured, backups);
    }
  }

  private static List<Figure> figures(HttpRounds.Measured measured, Backups backups) {
    var rates = measured.rates();
    return List.of(
        Figure.plain("backup.issue.rate", "tokens/s", rates.oursMedian(), rates.spread())
            .against("the same server without a backup", rates.limitMedian())
            .toReach(new Target.ShareOfLimit(WANTED)),
        Figure.plain(
            "backup.size",
            "MB",
            backups.bytes.sum() / 1e6 / backups.count.sum(),
            "mean of " + backups.count.sum() + " backups"));
  }

  /// Takes one backup after the other as long as something else lasts.
  private static final class Backups {
    private final HttpClient http;
    private final HttpRequest request;
    private final LongAdder bytes = new LongAdder();
    private final LongAdder count = new LongAdder();

    Backups(HttpClient http, URI uri, String authorization) {
      this.http = http;
      this.request =
          HttpRequest.newBuilder(uri)
              .header("Authorization", authorization)
              .POST(BodyPublishers.noBody())
              .build();
    }

    <T> T during(Callable<T> other) throws Exception {
      var ended = new AtomicBoolean();
      try (var thread = Executors.newSingleThreadExecutor()) {
        var taking =
            thread.submit(() -> {
              do {
                take();
              } while (!ended.get());
              return bytes;
            });
        try {
          return other.call();
        } finally {
          ended.set(true);
          taking.get();
        }
      }
    }

    private void take() throws IOException, InterruptedException {
      var answer = http.send(request, BodyHandlers.ofInputStream());
      try (var body = answer.body()) {
        long size = body.transferTo(OutputStream.nullOutputStream());
        if (answer.statusCode() != 200 || size == 0) {
          throw new BenchException("expected a backup, came status " + answer.statusCode());
        }
        bytes.add(size);
        count.increment();
      }
    }
  }
}
