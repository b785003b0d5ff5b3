package dev.ingam.bench;

import dev.ingam.wire.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;

/// A client and a route of the bench on a running server, made by the admin API as an operator
/// would.
///
/// @param authorization the client's header at the token endpoint
record Installed(String authorization) {
  static final String FORM =
      "grant_type=client_credentials&scope=orders%3Aread&audience=https%3A%2F%2Forders.shop.example";
  static final String PATH = "/orders/17";

  /// A path whose tokens may be presented again.
  static final String CATALOG = "/catalog/17";

  static final int LIFETIME_SECONDS = 900;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String CLIENT = "bench";
  private static final String AUDIENCE = "https://orders.shop.example";

  private static String newClient(String id, int lifetimeSeconds) {
    return String.format(
        Locale.ROOT,
        """
        {"id":"%s","authentication":"client_secret","rights":["client_credentials","introspection"],
         "scopes":["orders:read"],"audiences":["%s"],"token_lifetime_seconds":%d}\
        """,
        id,
        AUDIENCE,
        lifetimeSeconds);
  }

  private static String route(String path, boolean singleUse) {
    return String.format(
        Locale.ROOT,
        """
        {"method":"GET","path":"%s","audience":"%s","scopes":["orders:read"],
         "data":"personal","single_use":%s,"clients":true}\
        """,
        path,
        AUDIENCE,
        singleUse);
  }

  static Installed on(ServerProcess server, HttpClient http) throws Exception {
    var root = "Bearer " + server.rootCredential();
    var routes = server.adminUri("/admin/routes");
    post(http, routes, root, route("/orders/*", true));
    post(http, routes, root, route("/catalog/*", false));
    return client(server, http, CLIENT, LIFETIME_SECONDS);
  }

  /// One more client for the same routes.
  static Installed client(ServerProcess server, HttpClient http, String id, int lifetimeSeconds)
      throws Exception {
    var root = "Bearer " + server.rootCredential();
    var json = newClient(id, lifetimeSeconds);
    var made = post(http, server.adminUri("/admin/clients"), root, json);
    var answer = Objects.requireNonNull(JsonObject.read(made), "the server's answer");
    var pair = id + ":" + Objects.requireNonNull(answer.string("secret"), "the secret");
    var encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return new Installed("Basic " + encoded);
  }

  private static byte[] post(HttpClient http, URI uri, String authorization, String json)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri)
            .timeout(PATIENCE)
            .header("Authorization", authorization)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build();
    return body(http.send(request, BodyHandlers.ofByteArray()), 201);
  }

  /// The whole answer of the token endpoint.
  HttpRequest tokenRequest(URI uri) {
    return HttpRequest.newBuilder(uri)
        .timeout(PATIENCE)
        .header("Authorization", authorization)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(FORM))
        .build();
  }

  /// Writes the public key set of the server to a file.
  static Path keySet(ServerProcess server, HttpClient http) throws Exception {
    var request =
        HttpRequest.newBuilder(server.publicUri("/oauth2/jwks")).timeout(PATIENCE).build();
    var body = body(http.send(request, BodyHandlers.ofByteArray()), 200);
    return Files.write(server.folder().resolve("jwks.json"), body);
  }

  private static byte[] body(HttpResponse<byte[]> response, int wanted) {
    if (response.statusCode() != wanted) {
      throw new BenchException(
          String.format(
              Locale.ROOT,
              "%s answered %d: %s",
              response.uri(),
              response.statusCode(),
              new String(response.body(), StandardCharsets.UTF_8)));
    }
    return response.body();
  }
}
