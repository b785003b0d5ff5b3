package dev.ingam.bench;

import dev.ingam.wire.CompactJws;
import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// Fetches tokens from the token endpoint into a file, one a line, over a few connections that stay
/// open. It reads no more of HTTP than our own answers need.
final class TokenMint {
  private static final int CONNECTIONS = 16;
  private static final int PATIENCE_MILLIS = 30_000;
  private static final String MEMBER = "\"access_token\":\"";

  private final URI endpoint;
  private final Transport transport;
  private final byte[] request;

  TokenMint(URI endpoint, Transport transport, Installed installed) {
    this.endpoint = endpoint;
    this.transport = transport;
    request =
        String.format(
                Locale.ROOT,
                """
                POST %s HTTP/1.1\r
                Host: %s\r
                Authorization: %s\r
                Content-Type: application/x-www-form-urlencoded\r
                Content-Length: %d\r
                \r
                %s\
                """,
                endpoint.getPath(),
                endpoint.getAuthority(),
                installed.authorization(),
                Installed.FORM.length(),
                Installed.FORM)
            .getBytes(StandardCharsets.US_ASCII);
  }

  Path mint(Path file, int tokens) throws Exception {
    var left = new AtomicInteger(tokens);
    try (var out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII);
        var workers = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Void> work =
          () -> {
            fetch(left, out);
            return null;
          };
      for (var done : workers.invokeAll(Collections.nCopies(CONNECTIONS, work))) {
        done.get();
      }
    }
    return file;
  }

  /// The key that signed a token: the set also holds those that wait.
  static String kid(String token) {
    var jws = CompactJws.read(token);
    var kid = jws == null ? null : jws.kid();
    if (kid == null) {
      throw new BenchException("The server's token names no key");
    }
    return kid;
  }

  private void fetch(AtomicInteger left, BufferedWriter out) throws IOException {
    try (var socket = transport.connect(endpoint.getPort())) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      var in = new BufferedInputStream(socket.getInputStream());
      while (left.getAndDecrement() > 0) {
        socket.getOutputStream().write(request);
        var line = token(body(in)) + "\n";
        synchronized (out) {
          out.write(line);
        }
      }
    }
  }

  private static String body(InputStream in) throws IOException {
    var status = line(in);
    var length = -1;
    for (var header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).strip());
      }
    }
    if (!status.startsWith("HTTP/1.1 200 ") || length < 0) {
      throw new BenchException("The token endpoint answered " + status);
    }
    return new String(in.readNBytes(length), StandardCharsets.US_ASCII);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new BenchException("The token endpoint closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private static String token(String json) {
    var begin = json.indexOf(MEMBER) + MEMBER.length();
    var end = json.indexOf('"', begin);
    if (begin < MEMBER.length() || end < 0) {
      throw new BenchException("The token endpoint answered without a token");
    }
    return json.substring(begin, end);
  }
}
