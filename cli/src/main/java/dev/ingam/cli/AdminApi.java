package dev.ingam.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// The server's admin API ([docs/spec/admin-api.md]). Each call gives the answer's JSON or ends the
/// command with the server's own words.
final class AdminApi {
  private static final int MAX_ANSWER = 16 << 20;

  private final HttpClient client;
  private final URI base;
  private final @Nullable String credential;

  /// @param trust whom to trust to vouch for the server; null: whom the JDK trusts
  AdminApi(URI base, @Nullable String credential, @Nullable SSLContext trust) {
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5));
    this.client = (trust == null ? builder : builder.sslContext(trust)).build();
    this.base = base;
    this.credential = credential;
  }

  Json get(String path) {
    return send("GET", path, Json.nothing());
  }

  Json post(String path, Json body) {
    return send("POST", path, body);
  }

  Json put(String path, Json body) {
    return send("PUT", path, body);
  }

  Json delete(String path) {
    return send("DELETE", path, Json.nothing());
  }

  /// One part of a path or query, encoded.
  static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// An id that a person typed, as a part of a path. Some texts are none: they would name another
  /// path.
  static String id(String typed) {
    if (typed.isEmpty() || typed.equals(".") || typed.equals("..")) {
      throw new CliException(
          ExitCode.USAGE,
          String.format(Locale.ROOT, "Expected an id; came \"%s\", which none can be.", typed));
    }
    return encoded(typed);
  }

  private Json send(String method, String path, Json body) {
    var request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(Duration.ofSeconds(60))
            .method(
                method,
                body.isAbsent()
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(body.bytes()));
    if (!body.isAbsent()) {
      request.header("Content-Type", "application/json");
    }
    return answer(request);
  }

  /// Sends a form, as the token endpoint wants it.
  Json postForm(String path, String form) {
    return answer(
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form)));
  }

  private Json answer(HttpRequest.Builder request) {
    if (credential != null) {
      request.header("Authorization", "Bearer " + credential);
    }
    request.header("Accept", "application/json");
    var response = exchange(request.build(), AdminApi::answer);
    if (response.status() / 100 == 2) {
      return response.body();
    }
    throw refusal(response);
  }

  /// Posts nothing, and writes the answer's bytes, however many they are. A refusal writes none.
  ///
  /// @throws IOException when the target cannot be written
  void download(String path, WritableByteChannel target) throws IOException {
    var request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + credential)
            .POST(BodyPublishers.noBody())
            .build();
    var answer = exchange(request, (asked, response) -> downloaded(asked, response, target));
    if (answer.status() / 100 != 2) {
      throw refusal(answer);
    }
  }

  private static Answer downloaded(
      HttpRequest request, HttpResponse<InputStream> response, WritableByteChannel target)
      throws IOException {
    if (response.statusCode() / 100 != 2) {
      return answer(request, response);
    }
    try (var body = response.body()) {
      var buffer = new byte[1 << 16];
      for (int length = body.read(buffer); length >= 0; length = body.read(buffer)) {
        var bytes = ByteBuffer.wrap(buffer, 0, length);
        while (bytes.hasRemaining()) {
          target.write(bytes);
        }
      }
    }
    return new Answer(response.statusCode(), Json.nothing());
  }

  private record Answer(int status, Json body) {}

  private interface Reading {
    Answer read(HttpRequest request, HttpResponse<InputStream> response) throws IOException;
  }

  private Answer exchange(HttpRequest request, Reading reading) {
    try {
      HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
      return reading.read(request, response);
    } catch (HttpTimeoutException e) {
      throw new CliException(
          ExitCode.TRY_AGAIN,
          String.format(
              Locale.ROOT,
              "No answer from %s in time. What was asked for may be done all the same: look before you ask again.",
              base),
          e);
    } catch (SSLException e) {
      throw new CliException(
          ExitCode.ERROR,
          String.format(
              Locale.ROOT,
              "The server at %s did not prove that it is meant (%s). Name the CA that vouches for it with --ca, and a host that its certificate is for.",
              base,
              Printable.of(String.valueOf(e.getMessage()))),
          e);
    } catch (IOException e) {
      throw new CliException(
          ExitCode.TRY_AGAIN,
          String.format(
              Locale.ROOT,
              "No answer from %s (%s). Is the server running? Start it: ingam serve",
              base,
              e.getClass().getSimpleName()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCode.ERROR, "Stopped while waiting for " + base, e);
    }
  }

  private static Answer answer(HttpRequest request, HttpResponse<InputStream> response)
      throws IOException {
    try (var body = response.body()) {
      var bytes = body.readNBytes(MAX_ANSWER);
      var json = JsonReader.read(bytes);
      if (json.isEmpty() && bytes.length > 0 && response.statusCode() / 100 == 2) {
        throw new CliException(
            ExitCode.ERROR,
            String.format(
                Locale.ROOT,
                "Expected JSON from %s; came something else. Is this Ingam's admin listener?",
                request.uri()));
      }
      return new Answer(response.statusCode(), json.orElse(Json.nothing()));
    }
  }

  private CliException refusal(Answer answer) {
    var said = Printable.of(answer.body().get("error_description").text());
    var code = Printable.of(answer.body().get("error").text());
    return new CliException(exitCode(answer.status()), message(answer.status(), said, code));
  }

  private String message(int status, String said, String code) {
    if (status == 401 && credential != null) {
      return String.format(
          Locale.ROOT,
          "The server at %s does not know this root credential. Is --data-dir the folder of the server that runs there?",
          base);
    }
    if (!said.isEmpty() || !code.isEmpty()) {
      return said.isEmpty() ? code : said;
    }
    return String.format(
        Locale.ROOT, "Expected an answer from %s; came HTTP status %d.", base, status);
  }

  private static ExitCode exitCode(int status) {
    return switch (status) {
      case 401, 403 -> ExitCode.NOT_PERMITTED;
      case 408, 429, 502, 503, 504 -> ExitCode.TRY_AGAIN;
      default -> ExitCode.ERROR;
    };
  }
}
