package dev.ingam.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;

/// How long after `ingam serve`, on a data folder that exists, the first token comes.
final class Startup {
  private final Path home;
  private final Path folder;
  private final Transport transport;
  private final HttpClient http;

  Startup(Path home, Path folder, Transport transport, HttpClient http) {
    this.transport = transport;
    this.home = home;
    this.folder = folder;
    this.http = http;
  }

  /// Seconds.
  double firstToken(Pinning pinning, Installed installed) throws Exception {
    var begin = System.nanoTime();
    try (var server = ServerProcess.start(home, folder, pinning, transport)) {
      askForToken(server, installed);
      return (System.nanoTime() - begin) / 1e9;
    }
  }

  private void askForToken(ServerProcess server, Installed installed)
      throws IOException, InterruptedException {
    var request = installed.tokenRequest(server.publicUri("/oauth2/token"));
    var response = http.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new BenchException("The first request for a token got " + response.body());
    }
  }
}
