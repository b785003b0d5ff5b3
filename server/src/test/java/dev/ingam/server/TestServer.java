package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.Issuance;
import dev.ingam.issuance.client.ClientAuthentication;
import dev.ingam.issuance.client.ClientChange;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.client.ClientSettings;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.door.Listeners;
import dev.ingam.wire.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.context.ConfigurableApplicationContext;

/// The whole server in this process, on folders of a test and on free ports.
final class TestServer implements AutoCloseable {
  private final ConfigurableApplicationContext context;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private TestServer(ConfigurableApplicationContext context) {
    this.context = context;
  }

  static TestServer start(Path home) {
    return start(home, Map.of());
  }

  static TestServer start(Path home, Map<String, String> more) {
    var properties = new HashMap<String, String>();
    properties.put("ingam.data-dir", home.resolve("data").toString());
    properties.put("ingam.secrets-dir", home.resolve("secrets").toString());
    for (var listener : ListenerName.values()) {
      properties.put("ingam." + listener.connector() + ".port", "0");
    }
    properties.putAll(more);
    return new TestServer(ServerMain.start(properties, null));
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  Issuance issuance() {
    return bean(Issuance.class);
  }

  String url(ListenerName listener) {
    return bean(Listeners.class).url(listener);
  }

  /// Makes a client with a secret, which is returned.
  String client(String id, ClientRight right, boolean singleUse, Set<String> scopes) {
    var settings =
        new ClientSettings(
            id,
            new ClientAuthentication.ClientSecret(),
            Set.of(right),
            scopes,
            scopes.isEmpty() ? Set.of() : Set.of("shop"),
            Duration.ofMinutes(5),
            singleUse);
    return made(issuance().clients().create(settings, "test"));
  }

  private static String made(ClientChange change) {
    assertThat(change).isInstanceOf(ClientChange.Changed.class);
    var secret = ((ClientChange.Changed) change).secret();
    return secret == null ? "" : secret.reveal();
  }

  HttpRequest.Builder request(ListenerName listener, String path) {
    return HttpRequest.newBuilder(URI.create(url(listener) + path)).timeout(Duration.ofSeconds(30));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  HttpResponse<String> token(ListenerName listener, Map<String, String> form) {
    var body =
        form.entrySet().stream()
            .map(each -> each.getKey() + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    return send(
        request(listener, "/oauth2/token")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body)));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// A token of a client for itself, for the shop.
  String clientToken(String id, String secret) {
    var answer = token(ListenerName.PUBLIC, credentials(id, secret, "shop"));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return text(answer, "access_token");
  }

  static Map<String, String> credentials(String id, String secret, String audience) {
    return Map.of(
        "grant_type",
        "client_credentials",
        "client_id",
        id,
        "client_secret",
        secret,
        "audience",
        audience);
  }

  HttpResponse<String> gate(String method, String path, String token) {
    return send(
        request(ListenerName.INTERNAL, "/gate")
            .header("X-Forwarded-Method", method)
            .header("X-Forwarded-Uri", path)
            .header("Authorization", "Bearer " + token));
  }

  static String text(HttpResponse<String> answer, String member) {
    var json = JsonObject.read(answer.body().getBytes(StandardCharsets.UTF_8), 1 << 16);
    assertThat(json).as(answer.body()).isNotNull();
    var value = json.string(member);
    assertThat(value).as(member).isNotNull();
    return value;
  }

  @Override
  public void close() {
    context.close();
    http.close();
  }
}
