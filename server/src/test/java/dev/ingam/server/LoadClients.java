package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.testkit.Until;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Clients of a server process that get single-use tokens and use them up at the gate, and write
/// down what they saw: only an answer that arrived counts.
final class LoadClients {

  private final int threads;
  private final JsonMapper json = new JsonMapper();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final Queue<String> redeemed = new ConcurrentLinkedQueue<>();
  private final Queue<String> issued = new ConcurrentLinkedQueue<>();
  private final List<String> clients = new ArrayList<>();
  private String secret = "";

  LoadClients(int threads) {
    this.threads = threads;
  }

  /// Makes the client and its route over the admin API.
  void register(ServerProcess server, Path home) throws IOException {
    var credential = rootCredential(home);
    var client =
        "{\"id\":\"load\",\"authentication\":\"client_secret\",\"rights\":[\"client_credentials\"],"
            + "\"scopes\":[\"a\"],\"audiences\":[\"shop\"],\"single_use\":true}";
    var made = post(server.url("admin").resolve("/admin/clients"), credential, client);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    secret = json.readTree(made.body()).get("secret").asString();
    addRoute(server, home, "all", "/**", "internal");
  }

  /// Makes a route for the client's tokens.
  void addRoute(ServerProcess server, Path home, String id, String path, String data)
      throws IOException {
    var route =
        ("{\"id\":\"%s\",\"method\":\"*\",\"path\":\"%s\",\"audience\":\"shop\",\"scopes\":[],"
                + "\"data\":\"%s\",\"single_use\":false,\"clients\":true}")
            .formatted(id, path, data);
    var added = post(server.url("admin").resolve("/admin/routes"), rootCredential(home), route);
    assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
  }

  /// Makes one more client: a commit whose answer arrived.
  void makeClient(ServerProcess server, Path home, String id) throws IOException {
    var made = tryClient(server, home, id);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
  }

  /// Asks for one more client, and answers whatever comes; one that was made is written down.
  HttpResponse<String> tryClient(ServerProcess server, Path home, String id) throws IOException {
    var client =
        "{\"id\":\"%s\",\"authentication\":\"client_secret\",\"rights\":[\"ledger\"],\"scopes\":[],\"audiences\":[]}"
            .formatted(id);
    var uri = server.url("admin").resolve("/admin/clients");
    var answer = post(uri, rootCredential(home), client);
    if (answer.statusCode() == 201) {
      clients.add(id);
    }
    return answer;
  }

  /// Every client whose making was answered is there.
  void assertClientsAreThere(ServerProcess server, Path home) throws IOException {
    for (var id : clients) {
      var found =
          send(
              HttpRequest.newBuilder(server.url("admin").resolve("/admin/clients/" + id))
                  .header("Authorization", "Bearer " + rootCredential(home)));
      assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
    }
  }

  /// What the server itself says needs a person; empty when nothing does.
  List<String> problems(ServerProcess server, Path home) throws IOException {
    var codes = new ArrayList<String>();
    admin(server, home, "/admin/status")
        .get("problems")
        .forEach(problem -> codes.add(problem.get("code").asString()));
    return codes;
  }

  /// What the admin API says.
  JsonNode admin(ServerProcess server, Path home, String path) throws IOException {
    var answer =
        send(
            HttpRequest.newBuilder(server.url("admin").resolve(path))
                .header("Authorization", "Bearer " + rootCredential(home)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json.readTree(answer.body());
  }

  static String rootCredential(Path home) throws IOException {
    try (var installations = Files.list(home.resolve("secrets"))) {
      return Files.readString(installations.findFirst().orElseThrow().resolve("root-credential"))
          .strip();
    }
  }

  private HttpResponse<String> post(URI uri, String credential, String body) throws IOException {
    return send(
        HttpRequest.newBuilder(uri)
            .header("Authorization", "Bearer " + credential)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private String newToken(ServerProcess server) throws IOException {
    var answer = askToken(server);
    if (answer.statusCode() != 200) {
      throw new IOException("no token: " + answer.body());
    }
    return token(answer);
  }

  String token(HttpResponse<String> answer) {
    return json.readTree(answer.body()).get("access_token").asString();
  }

  /// Asks for a token, and answers whatever comes.
  HttpResponse<String> askToken(ServerProcess server) throws IOException {
    var form =
        Map.of(
            "grant_type", "client_credentials",
            "client_id", "load",
            "client_secret", secret,
            "audience", "shop");
    var body =
        form.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return send(
        HttpRequest.newBuilder(server.url("public").resolve("/oauth2/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> gate(ServerProcess server, String token) throws IOException {
    return gate(server, token, "/x");
  }

  HttpResponse<String> gate(ServerProcess server, String token, String path) throws IOException {
    return send(
        HttpRequest.newBuilder(server.url("internal").resolve("/gate"))
            .header("X-Forwarded-Method", "GET")
            .header("X-Forwarded-Uri", path)
            .header("Authorization", "Bearer " + token));
  }

  /// Gets and uses up so many tokens.
  int redeemNew(ServerProcess server, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      var token = newToken(server);
      assertThat(gate(server, token).statusCode()).isEqualTo(200);
      redeemed.add(token);
    }
    return count;
  }

  /// Gets tokens and keeps them.
  void issueForLater(ServerProcess server, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      issued.add(newToken(server));
    }
  }

  /// Loads the server from several threads until `enough` redemptions were answered, then runs
  /// `then` while the load goes on. Every tenth token is kept for later.
  void redeemUntil(ServerProcess server, int enough, KillSwitch then) throws Exception {
    var done = new AtomicInteger();
    var killed = new AtomicBoolean();
    try (var pool = Executors.newFixedThreadPool(threads)) {
      for (int i = 0; i < threads; i++) {
        var _ = pool.submit(() -> load(server, done, killed));
      }
      Until.isTrue("enough redemptions", Duration.ofMinutes(10), () -> done.get() >= enough);
      then.kill();
      killed.set(true);
    }
  }

  /// What ends a round.
  interface KillSwitch {
    void kill() throws Exception;
  }

  private void load(ServerProcess server, AtomicInteger done, AtomicBoolean killed) {
    for (int i = 1; !killed.get(); i++) {
      try {
        var token = newToken(server);
        if (i % 10 == 0) {
          issued.add(token);
        } else if (gate(server, token).statusCode() == 200) {
          redeemed.add(token);
          done.incrementAndGet();
        }
      } catch (IOException e) {
        if (killed.get()) {
          return; // the answer did not arrive: nobody knows, nothing is written down
        }
      }
    }
  }

  int redeemedCount() {
    return redeemed.size();
  }

  /// No token whose redemption was answered is accepted again.
  void assertRedeemedStayRedeemed(ServerProcess server) throws IOException {
    for (var token = redeemed.poll(); token != null; token = redeemed.poll()) {
      var answer = gate(server, token);
      assertThat(answer.statusCode()).as("redeemed token").isEqualTo(401);
      assertThat(reason(answer)).isEqualTo("already_redeemed");
    }
  }

  /// No token that was entered is called forged; after a process died, all are still accepted,
  /// once.
  void assertIssuedAreStillAccepted(ServerProcess server) throws IOException {
    for (var token = issued.poll(); token != null; token = issued.poll()) {
      var answer = gate(server, token);
      assertThat(answer.statusCode()).as(reason(answer)).isEqualTo(200);
      redeemed.add(token);
    }
  }

  static String reason(HttpResponse<String> answer) {
    return answer.headers().firstValue("X-Ingam-Reason").orElse("none");
  }
}
