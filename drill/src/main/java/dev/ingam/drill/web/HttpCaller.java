package dev.ingam.drill.web;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Speaks HTTP/1.1 over a few connections that stay open. Safe to call from many threads; each call
/// blocks its thread.
public final class HttpCaller implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(PATIENCE)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  public Reply get(URI uri, Map<String, String> headers) {
    return send(request(uri, headers).GET().build());
  }

  public Reply post(URI uri, Map<String, String> headers, Json body) {
    return send(
        request(uri, headers)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body.bytes()))
            .build());
  }

  /// An empty POST.
  public Reply post(URI uri, Map<String, String> headers) {
    return send(request(uri, headers).POST(BodyPublishers.noBody()).build());
  }

  public Reply postForm(URI uri, Map<String, String> form) {
    var body =
        form.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    return send(
        request(uri, Map.of())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body, StandardCharsets.US_ASCII))
            .build());
  }

  /// For a library that wants one; it shares our connections.
  public HttpClient client() {
    return client;
  }

  public static Map<String, String> bearer(String token) {
    return Map.of("Authorization", "Bearer " + token);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private Reply send(HttpRequest request) {
    try {
      var response = client.send(request, BodyHandlers.ofByteArray());
      return new Reply(response.statusCode(), headers(response), response.body());
    } catch (IOException e) {
      throw new DrillException("no answer from " + request.uri() + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DrillException("stopped while waiting for " + request.uri(), e);
    }
  }

  private static Map<String, String> headers(HttpResponse<byte[]> response) {
    return response.headers().map().entrySet().stream()
        .collect(
            Collectors.toMap(
                header -> header.getKey().toLowerCase(Locale.ROOT),
                header -> header.getValue().getFirst(),
                (first, second) -> first));
  }

  private static HttpRequest.Builder request(URI uri, Map<String, String> headers) {
    var request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
    headers.forEach(request::setHeader);
    return request;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
