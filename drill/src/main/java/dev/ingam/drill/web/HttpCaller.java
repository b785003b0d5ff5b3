package dev.ingam.drill.web;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Speaks HTTP/1.1 over a few connections that stay open. Safe to call from many threads; each call
/// blocks its thread. The oldest client of the JDK, because it costs a third of the processor time
/// of the newer one and the drill shares two cores with what it attacks. A process that uses it
/// from more than five threads at once should set `http.maxConnections`.
public final class HttpCaller {
  private static final int PATIENCE_MILLIS = 30_000;

  public Reply get(URI uri, Map<String, String> headers) {
    return send("GET", uri, headers, null);
  }

  public Reply post(URI uri, Map<String, String> headers, Json body) {
    var typed = new HashMap<>(headers);
    typed.put("Content-Type", "application/json");
    return send("POST", uri, typed, body.bytes());
  }

  /// An empty POST.
  public Reply post(URI uri, Map<String, String> headers) {
    return send("POST", uri, headers, new byte[0]);
  }

  public Reply postForm(URI uri, Map<String, String> form) {
    var body =
        form.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    var type = Map.of("Content-Type", "application/x-www-form-urlencoded");
    return send("POST", uri, type, body.getBytes(StandardCharsets.US_ASCII));
  }

  public static Map<String, String> bearer(String token) {
    return Map.of("Authorization", "Bearer " + token);
  }

  private static Reply send(
      String method, URI uri, Map<String, String> headers, byte @Nullable [] body) {
    try {
      var connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
      connection.setRequestMethod(method);
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      headers.forEach(connection::setRequestProperty);
      if (body != null) {
        connection.setDoOutput(true);
        connection.getOutputStream().write(body);
      }
      return reply(connection);
    } catch (IOException e) {
      throw new DrillException("no answer from " + uri + ": " + e, e);
    }
  }

  /// Reads the body to its end, whatever the status, so that the connection can be used again.
  private static Reply reply(HttpURLConnection connection) throws IOException {
    var status = connection.getResponseCode();
    try (var in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      var body = in == null ? new byte[0] : in.readAllBytes();
      return new Reply(status, headers(connection), body);
    }
  }

  private static Map<String, String> headers(HttpURLConnection connection) {
    var headers = new HashMap<String, String>();
    connection
        .getHeaderFields()
        .forEach((name, values) -> {
          if (name != null) {
            headers.putIfAbsent(name.toLowerCase(Locale.ROOT), values.getFirst());
          }
        });
    return headers;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
