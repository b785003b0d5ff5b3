package dev.ingam.server;

import dev.ingam.server.door.ListenerName;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The admin API of a whole server, as an operator's program calls it. Each answer is compared with
/// what the server's own OpenAPI document says of the call.
final class AdminServer implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final TestServer server;
  private final String credential;
  private final OpenApiDocument document;

  record Answer(int status, JsonNode body, HttpResponse<String> response) {
    String error() {
      return body.path("error").asString("");
    }

    String description() {
      return body.path("error_description").asString("");
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  private AdminServer(TestServer server, String credential) {
    this.server = server;
    this.credential = credential;
    this.document = new OpenApiDocument(read(server.send(authorized("/v3/api-docs"))).body());
  }

  static AdminServer start(Path folder) throws IOException {
    return start(folder, Map.of());
  }

  static AdminServer start(Path folder, Map<String, String> settings) throws IOException {
    var server = TestServer.start(folder, settings);
    try (var installations = Files.list(folder.resolve("secrets"))) {
      var secrets = installations.findFirst().orElseThrow();
      return new AdminServer(server, Files.readString(secrets.resolve("root-credential")).strip());
    }
  }

  TestServer server() {
    return server;
  }

  String credential() {
    return credential;
  }

  OpenApiDocument document() {
    return document;
  }

  Answer get(String path) {
    return call("GET", path, null);
  }

  Answer post(String path, String body) {
    return call("POST", path, body);
  }

  Answer call(String method, String path, String body) {
    var request = authorized(path);
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    return send(
        request.method(
            method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
  }

  HttpRequest.Builder authorized(String path) {
    return request(path).header("Authorization", "Bearer " + credential);
  }

  HttpRequest.Builder request(String path) {
    return server.request(ListenerName.ADMIN, path);
  }

  Answer send(HttpRequest.Builder request) {
    var answer = read(server.send(request));
    document.check(
        answer.response().request().method(),
        answer.response().uri().getPath(),
        answer.status(),
        answer.body());
    return answer;
  }

  private static Answer read(HttpResponse<String> response) {
    var body = response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
    return new Answer(response.statusCode(), body, response);
  }

  /// A request as it is written here, with the credential: what the client of the JDK does not
  /// send.
  ///
  /// @param head request line and headers, without Authorization
  String raw(String head) throws IOException {
    var port = URI.create(server.url(ListenerName.ADMIN)).getPort();
    try (var socket = new Socket("127.0.0.1", port)) {
      var request =
          head + "\r\nAuthorization: Bearer " + credential + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
